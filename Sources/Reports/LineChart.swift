import Source

/// Curves over one axis.
package struct LineChart: Sendable {
  package var title: String
  /// What x counts: `step`.
  package var unit: String
  package var curves: [Curve]

  package init(_ title: String, unit: String, _ curves: [Curve]) {
    self.title = title
    self.unit = unit
    self.curves = curves.filter { !$0.points.isEmpty }
  }

  /// Colours that people with any colour vision tell apart (Okabe and Ito 2008), without their yellow, which is too light for a line.
  static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a"]
  /// With more curves than colours, lines are dashed.
  private static let dashes = ["", "6 3", "2 3"]

  private static let size = (width: 480.0, height: 260.0)
  /// To the right there is room for half of a number of six digits.
  private static let margin = (left: 48.0, right: 20.0, top: 30.0, bottom: 34.0)
  private static let legendRow = 18.0

  /// The chart as an SVG element that gets the colour of the text around it; with `top`, as a part of a page that has several.
  package var svg: String {
    let height = Self.size.height + legendHeight
    return """
      <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(Self.size.width)) \(Self.number(height))" \
      width="\(Self.number(Self.size.width))" height="\(Self.number(height))" role="img" \
      font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">
      <title>\(Markup.escaped(title))</title>
      \(content)</svg>

      """
  }

  /// Several charts below each other, on white.
  package static func svg(_ charts: [LineChart]) -> String {
    var y = 0.0
    var body = ""
    for chart in charts {
      body += "<g transform=\"translate(0 \(Self.number(y)))\">\n\(chart.content)</g>\n"
      y += size.height + chart.legendHeight
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(size.width)) \(Self.number(y))" width="\(Self.number(size.width))" \
      height="\(Self.number(y))" color="#222222" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(body)</svg>

      """
  }

  private var content: String {
    let thinned = curves.map { $0.thinned(to: 500) }
    let lines = thinned.map(\.curve.points)
    let x = Axis(lines.joined().map(\.x), ticks: 6, isTight: true)
    // Single points do not decide what is seen of the others.
    let y = Axis(lines.joined().map(\.y), ticks: 5, mayBeLogarithmic: true)
    var result = frame(x, y)
    for (index, band) in thinned.map(\.band).enumerated() where !band.isEmpty {
      let high = band.map { "\(place(x, $0.x)) \(height(y, $0.high))" }
      let low = band.reversed().map { "\(place(x, $0.x)) \(height(y, $0.low))" }
      result +=
        "<path d=\"M\((high + low).joined(separator: "L"))z\" fill=\"\(colour(index))\" fill-opacity=\"0.15\"/>\n"
    }
    for (index, line) in lines.enumerated() {
      let dash = dash(index).isEmpty ? "" : " stroke-dasharray=\"\(dash(index))\""
      if line.count == 1 {
        result +=
          "<circle cx=\"\(place(x, line[0].x))\" cy=\"\(height(y, line[0].y))\" r=\"3\" fill=\"\(colour(index))\"/>\n"
      }
      let path = line.map { "\(place(x, $0.x)) \(height(y, $0.y))" }.joined(separator: "L")
      result +=
        "<path d=\"M\(path)\" fill=\"none\" stroke=\"\(colour(index))\" stroke-width=\"1.8\" stroke-linejoin=\"round\"\(dash)/>\n"
    }
    return result + legend
  }

  private func frame(_ x: Axis, _ y: Axis) -> String {
    let (left, right) = (Self.margin.left, Self.size.width - Self.margin.right)
    let bottom = Self.size.height - Self.margin.bottom
    var result =
      "<text x=\"\(Self.number(left))\" y=\"18\" font-size=\"13\" font-weight=\"bold\" fill=\"currentColor\">\(Markup.escaped(title))</text>\n"
    for tick in y.ticks {
      let at = height(y, tick)
      result +=
        "<path d=\"M\(Self.number(left)) \(at)H\(Self.number(right))\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>\n"
      result += text(Axis.label(tick), x: Self.number(left - 6), y: "\(at)", shift: 4, anchor: "end")
    }
    for tick in x.ticks {
      let at = place(x, tick)
      result += "<path d=\"M\(at) \(Self.number(bottom))v4\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\n"
      result += text(Axis.label(tick), x: at, y: Self.number(bottom), shift: 16, anchor: "middle")
    }
    result +=
      "<path d=\"M\(Self.number(left)) \(Self.number(bottom))H\(Self.number(right))\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\n"
    return result + text(unit, x: Self.number(right), y: Self.number(bottom), shift: 30, anchor: "end")
  }

  private func text(_ text: String, x: String, y: String, shift: Double, anchor: String) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" dy=\"\(Self.number(shift))\" font-size=\"11.5\" text-anchor=\"\(anchor)\" fill=\"currentColor\" "
      + "fill-opacity=\"0.75\">\(Markup.escaped(text))</text>\n"
  }

  /// Rows of the legend with about so many letters each.
  private var legendRows: [[Int]] {
    var rows: [[Int]] = []
    var room = 0
    for (index, curve) in curves.enumerated() {
      let length = min(60, curve.name.count) + 6
      if room < length {
        rows.append([])
        room = 66
      }
      rows[rows.count - 1].append(index)
      room -= length
    }
    return rows
  }

  private var legendHeight: Double { Self.legendRow * Double(legendRows.count) + 4 }

  private var legend: String {
    var result = ""
    var y = Self.size.height + 8
    for row in legendRows {
      var x = Self.margin.left
      for index in row {
        let name = curves[index].name.count > 60 ? curves[index].name.prefix(59) + "…" : curves[index].name[...]
        let dash = dash(index).isEmpty ? "" : " stroke-dasharray=\"\(dash(index))\""
        result +=
          "<path d=\"M\(Self.number(x)) \(Self.number(y))h18\" stroke=\"\(colour(index))\" stroke-width=\"2.5\"\(dash)/>\n"
        result += text(String(name), x: Self.number(x + 23), y: Self.number(y), shift: 4, anchor: "start")
        x += 6.3 * Double(name.count + 6)
      }
      y += Self.legendRow
    }
    return result
  }

  private func colour(_ index: Int) -> String { Self.colours[index % Self.colours.count] }

  private func dash(_ index: Int) -> String { Self.dashes[index / Self.colours.count % Self.dashes.count] }

  private func place(_ x: Axis, _ value: Double) -> String {
    Self.number(Self.margin.left + x.share(value) * (Self.size.width - Self.margin.left - Self.margin.right))
  }

  private func height(_ y: Axis, _ value: Double) -> String {
    let bottom = Self.size.height - Self.margin.bottom
    return Self.number(bottom - y.share(value) * (bottom - Self.margin.top))
  }

  /// A coordinate with at most one digit behind the point.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
