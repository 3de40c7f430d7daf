/// A rule as a railroad: every way from the left to the right spells a sentence.
struct RailroadDiagram {
  /// What is drawn, with the line that enters on the left and leaves on the right at height 0.
  private struct Track {
    var width: Double
    /// How far it reaches above the line, and below.
    var above: Double
    var below: Double
    /// SVG of the track whose line begins at a point.
    var draw: (Double, Double) -> String
  }

  private static let rowGap = 10.0
  private static let curve = 10.0
  private static let boxHeight = 26.0
  private static let characterWidth = 8.1
  private static let gap = 12.0
  /// Where long choices and sequences break.
  private static let widthLimit = 860.0

  /// The picture of a rule as SVG; names in `linked` lead to their rules.
  static func svg(_ rule: Grammar.Rule, title: String, linked: Set<String>) -> String {
    let track = track(rule, linked)
    let (left, top) = (26.0, track.above + 12)
    let width = track.width + 2 * left
    let height = top + track.below + 12
    return """
      <svg role="img" viewBox="0 0 \(text(width)) \(text(height))" width="\(text(width))" height="\(text(height))">\
      <title>\(escaped(title))</title>\
      <path class="end" d="M8 \(text(top - 8))v16M14 \(text(top - 8))v16"/>\
      <path d="M14 \(text(top))H\(text(left))"/>\(track.draw(left, top))\
      <path d="M\(text(left + track.width)) \(text(top))h12"/>\
      <path class="end" d="M\(text(width - 14)) \(text(top - 8))v16M\(text(width - 8)) \(text(top - 8))v16"/></svg>
      """
  }

  private static func track(_ rule: Grammar.Rule, _ linked: Set<String>) -> Track {
    switch rule {
    case .literal(let literal): box(literal, kind: "literal", link: nil)
    case .range(let first, let last): box("\(first) … \(last)", kind: "literal", link: nil)
    case .reference(let name):
      box(name, kind: Grammar.isToken(name) ? "token" : "rule", link: linked.contains(name) ? name : nil)
    case .sequence(let rules): rows(sequences(rules, linked))
    case .choice(let rules): choice(rules.map { track($0, linked) })
    case .optional(let rule): choice([empty, track(rule, linked)])
    case .repetition(let rule): choice([empty, loop(over: track(rule, linked))])
    }
  }

  private static var empty: Track {
    Track(width: 20, above: 0, below: 0) { x, y in "<path d=\"M\(text(x)) \(text(y))h20\"/>" }
  }

  private static func box(_ label: String, kind: String, link: String?) -> Track {
    let width = Double(label.count) * characterWidth + 22
    return Track(width: width, above: boxHeight / 2, below: boxHeight / 2) { x, y in
      let round = kind == "rule" ? 3 : 13
      let picture = """
        <g class="\(kind)"><rect x="\(text(x))" y="\(text(y - boxHeight / 2))" width="\(text(width))" \
        height="\(text(boxHeight))" rx="\(round)"/><text x="\(text(x + width / 2))" y="\(text(y + 5))">\
        \(escaped(label))</text></g>
        """
      return link.map { "<a href=\"#\($0)\">\(picture)</a>" } ?? picture
    }
  }

  /// A sequence that is too wide goes on in a second row.
  private static func sequences(_ rules: [Grammar.Rule], _ linked: Set<String>) -> [[Track]] {
    var rows: [[Track]] = [[]]
    var width = 0.0
    for rule in rules {
      let track = track(rule, linked)
      if width + track.width > widthLimit, !rows[rows.count - 1].isEmpty {
        rows.append([])
        width = 0
      }
      rows[rows.count - 1].append(track)
      width += track.width + gap
    }
    return rows
  }

  private static func rows(_ rows: [[Track]]) -> Track {
    let lines = rows.map(line)
    guard lines.count > 1 else { return lines[0] }
    let width = (lines.map(\.width).max() ?? 0) + 4 * curve
    let heights = zip(lines, lines.dropFirst()).map { $0.below + 2 * rowGap + $1.above + rowGap }
    let height = heights.reduce(0, +)
    return Track(width: width, above: lines[0].above, below: height + lines[lines.count - 1].below) { x, y in
      var result = ""
      var y = y
      for (index, line) in lines.enumerated() {
        let start = x + 2 * curve
        result += "<path d=\"M\(text(index == 0 ? x : start)) \(text(y))H\(text(start))\"/>" + line.draw(start, y)
        let end = start + line.width
        if index + 1 < lines.count {
          let turn = y + line.below + rowGap
          let next = y + heights[index]
          result += """
            <path d="M\(text(end)) \(text(y))a10 10 0 0 1 10 10V\(text(turn - 10))a10 10 0 0 1 -10 10\
            H\(text(start))a10 10 0 0 0 -10 10V\(text(next - 10))a10 10 0 0 0 10 10"/>
            """
          y = next
        } else {
          // The end of the whole is at the height of its beginning.
          result += """
            <path d="M\(text(end)) \(text(y))H\(text(x + width - 2 * curve))a10 10 0 0 0 10 -10\
            V\(text(y - height + 10))a10 10 0 0 1 10 -10"/>
            """
        }
      }
      return result
    }
  }

  private static func line(_ tracks: [Track]) -> Track {
    let width = tracks.reduce(0) { $0 + $1.width } + gap * Double(max(0, tracks.count - 1))
    return Track(width: width, above: tracks.map(\.above).max() ?? 0, below: tracks.map(\.below).max() ?? 0) { x, y in
      var x = x
      var result = ""
      for (index, track) in tracks.enumerated() {
        if index > 0 {
          result += "<path d=\"M\(text(x)) \(text(y))h\(text(gap))\"/>"
          x += gap
        }
        result += track.draw(x, y)
        x += track.width
      }
      return result
    }
  }

  /// The first way runs straight on, the others below.
  private static func choice(_ tracks: [Track]) -> Track {
    let inner = tracks.map(\.width).max() ?? 0
    let width = inner + 4 * curve
    var offsets = [0.0]
    for (upper, lower) in zip(tracks, tracks.dropFirst()) {
      offsets.append(offsets[offsets.count - 1] + max(upper.below + rowGap + lower.above, 2 * curve))
    }
    let below = zip(tracks, offsets).map { $0.below + $1 }.max() ?? 0
    return Track(width: width, above: tracks[0].above, below: below) { x, y in
      var result = ""
      let end = x + width
      for (track, offset) in zip(tracks, offsets) {
        let start = x + 2 * curve
        let leave = start + track.width
        if offset == 0 {
          result += "<path d=\"M\(text(x)) \(text(y))H\(text(start))M\(text(leave)) \(text(y))H\(text(end))\"/>"
        } else {
          let middle = y + offset
          result += """
            <path d="M\(text(x)) \(text(y))a10 10 0 0 1 10 10V\(text(middle - 10))a10 10 0 0 0 10 10\
            M\(text(leave)) \(text(middle))H\(text(end - 2 * curve))a10 10 0 0 0 10 -10\
            V\(text(y + 10))a10 10 0 0 1 10 -10"/>
            """
        }
        result += track.draw(start, y + offset)
      }
      return result
    }
  }

  /// The part once or more often: a way back runs below it.
  private static func loop(over track: Track) -> Track {
    let width = track.width + 2 * curve
    let offset = max(track.below + rowGap * 0.7, 2 * curve)
    return Track(width: width, above: track.above, below: offset) { x, y in
      let start = x + curve
      let end = start + track.width
      let back = y + offset
      return """
        <path d="M\(text(x)) \(text(y))H\(text(start))M\(text(end)) \(text(y))h10\
        M\(text(start)) \(text(y))a10 10 0 0 0 -10 10V\(text(back - 10))a10 10 0 0 0 10 10\
        H\(text(end))a10 10 0 0 0 10 -10V\(text(y + 10))a10 10 0 0 0 -10 -10"/>\
        <path class="back" d="M\(text(x + width / 2 + 3)) \(text(back - 4))l-6 4l6 4z"/>\(track.draw(start, y))
        """
    }
  }

  /// A number without needless digits.
  private static func text(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}

/// Text within HTML and SVG.
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
  return result
}
