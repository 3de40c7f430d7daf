import Semantics
import Source

extension Picture {
  /// The picture as SVG: no script, no font and no image from elsewhere, a transparent ground.
  package var svg: String {
    let layout = PictureLayout(self)
    let margin = 16.0
    let header = 46.0
    let headerWidth = max(PictureStyle.width(of: title, size: 16), PictureStyle.width(of: subtitle, size: 11)) + 8
    let width = max(layout.width, headerWidth) + 2 * margin
    let height = layout.height + header + 2 * margin
    let left = margin + (width - 2 * margin - layout.width) / 2
    var body = ""
    for mark in layout.marks { if case .group = mark { body += Picture.svg(mark, self) } }
    for mark in layout.marks { if case .line = mark { body += Picture.svg(mark, self) } }
    for mark in layout.marks {
      switch mark {
      case .group, .line: continue
      default: body += Picture.svg(mark, self)
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" width="\(number(width))" \
      height="\(number(height))" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">
      <title>\(Markup.escaped(title))</title>
      <text x="\(number(width / 2))" y="\(number(margin + 13))" font-size="16" font-weight="bold" text-anchor="middle" \
      fill="#66717d">\(Markup.escaped(title))</text>
      <text x="\(number(width / 2))" y="\(number(margin + 30))" font-size="11" text-anchor="middle" \
      fill="#808b96">\(Markup.escaped(subtitle))</text>
      <g transform="translate(\(number(left)) \(number(margin + header)))">
      \(body)</g>
      </svg>

      """
  }

  private static func svg(_ mark: PictureLayout.Mark, _ picture: Picture) -> String {
    switch mark {
    case .group(let box, let title, let count, _):
      var result = """
        <rect x="\(number(box.x))" y="\(number(box.y))" width="\(number(box.width))" height="\(number(box.height))" rx="8" \
        fill="#8896a5" fill-opacity="0.1" stroke="#8896a5" stroke-opacity="0.6"/>\n
        """
      let label = title + (count > 1 ? (title.isEmpty ? "" : " ") + "×\(count)" : "")
      if !label.isEmpty {
        result += text(label, box.x + 9, box.y + 16, size: 11, fill: "#6f7b87", anchor: "start", isBold: true)
      }
      return result
    case .stack(let box, let nodes): return stack(box, nodes, picture)
    case .operation(let box, let symbol):
      let isCircle = symbol.unicodeScalars.count == 1
      return """
        <rect x="\(number(box.x))" y="\(number(box.y))" width="\(number(box.width))" height="\(number(box.height))" \
        rx="11" fill="#ffffff" stroke="#5f6b77" stroke-width="1.4"/>\n
        """ + text(symbol, box.middle.x, box.middle.y + (isCircle ? 6 : 4), size: isCircle ? 17 : 11, fill: "#2b3440")
    case .name(let box, let name):
      return text(name, box.middle.x, box.middle.y + 5, size: 13, fill: "#66717d", isBold: true)
    case .line(let points, let hasArrow, let isSide): return line(points, hasArrow, isSide)
    case .shape(let point, let shape):
      return text(shape, point.x, point.y + 4, size: PictureStyle.shapeSize, fill: "#808b96", anchor: "start")
    }
  }

  /// Rows in one frame.
  private static func stack(_ box: PictureLayout.Rectangle, _ nodes: [Int], _ picture: Picture) -> String {
    var result = ""
    var y = box.y
    for (index, id) in nodes.enumerated() {
      let node = picture.nodes[id]
      guard case .layer(let word) = node.kind else { continue }
      let height = PictureStyle.rowHeight(of: node, isFirst: index == 0)
      let colours = PictureStyle.family(of: word).colours
      result += """
        <path d="\(row(box.x, y, box.width, height, isTop: index == 0, isBottom: index + 1 == nodes.count))" \
        fill="\(colours.fill)" stroke="\(colours.edge)"/>\n
        """
      let (label, what) = PictureStyle.texts(of: node)
      let size = height == PictureStyle.lightHeight ? 11.0 : 12.0
      let name =
        label.isEmpty
        ? "" : "<tspan font-size=\"11\" font-weight=\"bold\" fill=\"\(colours.edge)\">\(Markup.escaped(label))</tspan>"
      result += """
        <text x="\(number(box.middle.x))" y="\(number(y + height / 2 + 4))" font-size="\(number(size))" \
        text-anchor="middle" fill="#1f2730">\(name)<tspan\(label.isEmpty ? "" : " dx=\"7\"")>\(Markup.escaped(what))</tspan></text>\n
        """
      y += height
    }
    return result
  }

  /// The outline of a row; the first has round corners above, the last below.
  private static func row(_ x: Double, _ y: Double, _ width: Double, _ height: Double, isTop: Bool, isBottom: Bool)
    -> String
  {
    let (top, bottom) = (isTop ? 5.0 : 0, isBottom ? 5.0 : 0)
    func corner(_ radius: Double, _ dx: Double, _ dy: Double) -> String {
      radius == 0 ? "" : "a\(number(radius)) \(number(radius)) 0 0 1 \(number(dx * radius)) \(number(dy * radius))"
    }
    return "M\(number(x)) \(number(y + top))" + corner(top, 1, -1) + "H\(number(x + width - top))" + corner(top, 1, 1)
      + "V\(number(y + height - bottom))" + corner(bottom, -1, 1) + "H\(number(x + bottom))" + corner(bottom, -1, -1)
      + "z"
  }

  private static func line(_ points: [PictureLayout.Point], _ hasArrow: Bool, _ isSide: Bool) -> String {
    guard points.count > 1, var last = points.last else { return "" }
    let before = points[points.count - 2]
    let (dx, dy) = (direction(last.x - before.x), direction(last.y - before.y))
    let tip = last
    if hasArrow { last = PictureLayout.Point(x: last.x - dx * 5, y: last.y - dy * 5) }
    var path = "M\(number(points[0].x)) \(number(points[0].y))"
    for index in 1..<(points.count - 1) {
      let (a, b, c) = (points[index - 1], points[index], points[index + 1])
      let radius = min(8, (abs(b.x - a.x) + abs(b.y - a.y)) / 2, (abs(c.x - b.x) + abs(c.y - b.y)) / 2)
      let (ux, uy) = (direction(b.x - a.x), direction(b.y - a.y))
      let (vx, vy) = (direction(c.x - b.x), direction(c.y - b.y))
      path += "L\(number(b.x - ux * radius)) \(number(b.y - uy * radius))"
      path += "Q\(number(b.x)) \(number(b.y)) \(number(b.x + vx * radius)) \(number(b.y + vy * radius))"
    }
    path += "L\(number(last.x)) \(number(last.y))"
    let dashes = isSide ? " stroke-dasharray=\"5 3\"" : ""
    var result = "<path d=\"\(path)\" fill=\"none\" stroke=\"#7d8894\" stroke-width=\"1.4\"\(dashes)/>\n"
    if hasArrow {
      let (bx, by) = (tip.x - dx * 7, tip.y - dy * 7)
      result += "<path d=\"M\(number(tip.x)) \(number(tip.y))L\(number(bx - dy * 3.5)) \(number(by - dx * 3.5))"
      result += "L\(number(bx + dy * 3.5)) \(number(by + dx * 3.5))z\" fill=\"#7d8894\"/>\n"
    }
    return result
  }

  private static func direction(_ difference: Double) -> Double { difference > 0.05 ? 1 : difference < -0.05 ? -1 : 0 }

  private static func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, fill: String, anchor: String = "middle",
    isBold: Bool = false
  ) -> String {
    let weight = isBold ? " font-weight=\"bold\"" : ""
    return "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\" text-anchor=\"\(anchor)\""
      + " fill=\"\(fill)\"\(weight)>\(Markup.escaped(text))</text>\n"
  }
}

/// A number with at most one digit behind the point.
func number(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  let whole = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
  return tenths % 10 == 0 ? whole : "\(whole).\(abs(tenths) % 10)"
}
