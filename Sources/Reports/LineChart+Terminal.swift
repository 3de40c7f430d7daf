extension LineChart {
  /// Colours of terminals for the curves, near those of the picture.
  private static let terminalColours = [34, 31, 32, 35, 33, 36, 37]
  /// What marks the curves where there is no colour to tell them apart.
  private static let marks: [Character] = ["•", "+", "o", "x", "*", "#", "@"]

  /// The chart in characters, at most `width` (at least 30) wide and with `height` rows of curves: points of Braille, in colour when
  /// `isColoured`, or, of several curves without colour, a mark for each.
  package func text(width: Int, height: Int, isColoured: Bool) -> String {
    let lines = curves.map(\.points)
    guard lines.contains(where: { !$0.isEmpty }) else { return title + ": no values\n" }
    let y = Axis(lines.joined().map(\.y), ticks: max(2, height / 3), mayBeLogarithmic: true)
    let labels = y.ticks.map(Axis.label)
    let left = labels.map(\.count).max() ?? 1
    let columns = max(10, width - left - 2)
    let x = Axis(lines.joined().map(\.x), ticks: max(2, columns / 12), isTight: true)
    let usesMarks = curves.count > 1 && !isColoured
    let (across, down) = usesMarks ? (1, 1) : (2, 4)
    var canvas = Canvas(width: columns, height: height)
    for (index, line) in lines.enumerated() {
      var last: (x: Int, y: Int)?
      for point in line {
        let next = (
          x: Int((x.share(point.x) * Double(columns * across - 1)).rounded()),
          y: Int(((1 - y.share(point.y)) * Double(height * down - 1)).rounded())
        )
        canvas.connect(last ?? next, next, across: across, down: down, curve: index)
        last = next
      }
    }
    var rows: [String] = [title]
    let labelRows = Dictionary(
      zip(y.ticks.map { Int(((1 - y.share($0)) * Double(height - 1)).rounded()) }, labels)
    ) { first, _ in first }
    for row in 0..<height {
      let label = labelRows[row] ?? ""
      let edge = labelRows[row] == nil ? "│" : "┤"
      rows.append(
        String(repeating: " ", count: left - label.count) + label + edge
          + canvas.text(row: row) { curve, dots in
            if usesMarks { return String(Self.marks[curve % Self.marks.count]) }
            return Self.coloured(String(dots), curve, isColoured)
          })
    }
    rows.append(String(repeating: " ", count: left) + "└" + String(repeating: "─", count: columns))
    rows.append(String(repeating: " ", count: left + 1) + numbers(x, columns: columns))
    let names = curves.enumerated().map { index, curve in
      let mark = usesMarks ? Self.marks[index % Self.marks.count] : "━"
      return Self.coloured(String(mark), index, isColoured) + " " + curve.name
    }
    rows.append(String(repeating: " ", count: left + 1) + names.joined(separator: "   ") + "   over " + unit)
    return rows.joined(separator: "\n") + "\n"
  }

  private static func coloured(_ text: String, _ curve: Int, _ isColoured: Bool) -> String {
    isColoured ? "\u{1B}[\(terminalColours[curve % terminalColours.count])m\(text)\u{1B}[0m" : text
  }

  /// The numbers below the axis, each centred on its place.
  private func numbers(_ x: Axis, columns: Int) -> String {
    var line = [Character](repeating: " ", count: columns)
    var free = 0
    for tick in x.ticks {
      let label = Array(Axis.label(tick))
      let middle = Int((x.share(tick) * Double(columns - 1)).rounded())
      let start = min(max(middle - label.count / 2, 0), columns - label.count)
      guard start >= free else { continue }
      line.replaceSubrange(start..<(start + label.count), with: label)
      free = start + label.count + 1
    }
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

/// Cells of 2 x 4 points, of which each belongs to the curve that came first.
private struct Canvas {
  private let width: Int
  private var cells: [(dots: UInt32, curve: Int)]

  init(width: Int, height: Int) {
    self.width = width
    cells = Array(repeating: (0, -1), count: width * height)
  }

  /// Bits of Unicode's Braille patterns, by column and row of a cell.
  private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Draws a line between two points of a grid with `across` x `down` points to a cell.
  mutating func connect(_ a: (x: Int, y: Int), _ b: (x: Int, y: Int), across: Int, down: Int, curve: Int) {
    let count = max(abs(b.x - a.x), abs(b.y - a.y), 1)
    for step in 0...count {
      let x = a.x + ((b.x - a.x) * step + (b.x >= a.x ? count / 2 : -count / 2)) / count
      let y = a.y + ((b.y - a.y) * step + (b.y >= a.y ? count / 2 : -count / 2)) / count
      let cell = y / down * width + x / across
      guard cells.indices.contains(cell) else { continue }
      if cells[cell].curve < 0 { cells[cell].curve = curve }
      if cells[cell].curve == curve { cells[cell].dots |= Self.bits[x % across][y % down] }
    }
  }

  func text(row: Int, _ mark: (_ curve: Int, _ dots: Character) -> String) -> String {
    var line = ""
    var blanks = ""
    for cell in cells[(row * width)..<((row + 1) * width)] {
      guard cell.curve >= 0, let scalar = Unicode.Scalar(0x2800 + cell.dots) else {
        blanks += " "
        continue
      }
      line += blanks + mark(cell.curve, Character(scalar))
      blanks = ""
    }
    return line
  }
}
