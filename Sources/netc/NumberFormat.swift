#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers as people read them.
enum NumberFormat {
  /// With so many digits after the point, rounded; `nan` and `inf` by name.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(digits), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    return String(decoding: buffer.prefix(max(0, min(Int(count), buffer.count - 1))).map(UInt8.init), as: UTF8.self)
  }

  /// Four significant digits of a loss or a metric: `2.303`, `0.0123`, `1.2e-05`.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var buffer = [CChar](repeating: 0, count: 64)
    let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.4g", $0) }
    return String(decoding: buffer.prefix(max(0, min(Int(count), buffer.count - 1))).map(UInt8.init), as: UTF8.self)
  }

  /// `61,100,840`
  static func grouped(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// `1.5 MB`, in powers of 1000.
  static func bytes(_ value: Int) -> String {
    var amount = Double(value)
    for unit in ["B", "kB", "MB", "GB", "TB"] {
      if abs(amount) < 999.5 || unit == "TB" { return fixed(amount, unit == "B" || amount >= 100 ? 0 : 1) + " " + unit }
      amount /= 1000
    }
    return ""
  }

  /// `0.42 s`, `12.3 s`, `4:05`, `1:02:03`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "-" }
    if seconds < 10 { return fixed(seconds, 2) + " s" }
    if seconds < 60 { return fixed(seconds, 1) + " s" }
    let whole = Int(seconds.rounded())
    let rest = padded(whole / 60 % 60) + ":" + padded(whole % 60)
    return whole < 3600 ? String(whole / 60) + ":" + padded(whole % 60) : String(whole / 3600) + ":" + rest
  }

  /// `0.42 ms`, `12.3 ms`, `1,250 ms`.
  static func milliseconds(_ seconds: Double) -> String {
    let value = seconds * 1000
    return (value < 100 ? fixed(value, value < 10 ? 2 : 1) : grouped(Int(min(value, 1e15).rounded()))) + " ms"
  }

  /// A share from 0 to 1: `0.42 %`, `12 %`.
  static func percent(_ share: Double) -> String { fixed(share * 100, share < 0.1 ? 2 : 0) + " %" }

  private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}

/// Rows of text in aligned columns.
struct TextTable {
  /// Columns with numbers are aligned to the right.
  var rightAligned: Set<Int>
  var rows: [[String]] = []
  /// The rows before which a line of dashes stands.
  var rules: Set<Int> = []

  init(rightAligned: Set<Int>) { self.rightAligned = rightAligned }

  var text: String {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    var result = ""
    for (index, row) in rows.enumerated() {
      if rules.contains(index) {
        result += String(repeating: "-", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1)) + "\n"
      }
      var line = ""
      for (column, cell) in row.enumerated() {
        if column > 0 { line += "  " }
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += rightAligned.contains(column) ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      result += line + "\n"
    }
    return result
  }
}
