#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where numbers lie on a line, and which of them are written there.
struct Axis: Sendable {
  /// The ends of the axis.
  private(set) var low: Double
  private(set) var high: Double
  private(set) var isLogarithmic = false
  /// The numbers that are written, ascending.
  private(set) var ticks: [Double] = []

  /// An axis that reaches over all `values`, which are finite, with about `count` ticks at round numbers. `mayBeLogarithmic` lets positive
  /// values that differ fiftyfold be seen by their logarithms, if one in five is so far from the highest: a rate that only ends at zero has
  /// no use for ten decades. `isTight` axes end at the values, others at ticks.
  init(_ values: some Collection<Double>, ticks count: Int, mayBeLogarithmic: Bool = false, isTight: Bool = false) {
    low = values.min() ?? 0
    high = values.max() ?? 1
    let top = high
    if mayBeLogarithmic, low > 0, high.isFinite, values.count(where: { top / $0 > 50 }) * 5 >= values.count {
      isLogarithmic = true
      decades(count)
      return
    }
    if !(high > low) {
      let margin = max(abs(low) / 2, 0.5)
      (low, high) = (low - margin, high + margin)
    }
    let step = Axis.roundStep((high - low) / Double(max(1, count)))
    let first = (low / step).rounded(isTight ? .up : .down)
    let last = (high / step).rounded(isTight ? .down : .up)
    guard step > 0, last - first < 100 else { return }
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    if !isTight, let start = ticks.first, let end = ticks.last { (low, high) = (min(low, start), max(high, end)) }
  }

  /// Where a value lies, 0 at the low end and 1 at the high one.
  func share(_ value: Double) -> Double {
    if isLogarithmic { return (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low)) }
    return (value - low) / (high - low)
  }

  private mutating func decades(_ count: Int) {
    let first = Int(log10(low).rounded(.down))
    let last = Int(log10(high).rounded(.up))
    let steps = (last - first) <= 3 ? [1.0, 2, 5] : [1.0]
    let every = max(1, (last - first) / max(1, count))
    for decade in stride(from: first, through: last, by: every) {
      for step in steps { ticks.append(step * pow(10, Double(decade))) }
    }
    let inner = ticks.filter { $0 >= low && $0 <= high }
    // The ends are the ticks just outside.
    let start = ticks.last { $0 <= low } ?? low
    let end = ticks.first { $0 >= high } ?? high
    (low, high) = (start, end)
    ticks = (start < (inner.first ?? end) ? [start] : []) + inner + (end > (inner.last ?? start) ? [end] : [])
  }

  /// The smallest of 1, 2 and 5 times a power of ten that is at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= step * (1 - 1e-9) { return factor * power }
    return 10 * power
  }

  /// A tick as it is written: as few digits as tell it, `2.5`, `2k`, `1e-05`.
  static func label(_ value: Double) -> String {
    let magnitude = abs(value)
    if magnitude < 1e-12 { return "0" }
    if magnitude >= 1e4, magnitude < 1e15 {
      for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where magnitude >= unit {
        return digits(value / unit) + name
      }
    }
    return digits(value)
  }

  private static func digits(_ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 40)
    let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.6g", $0) }
    return String(decoding: buffer.prefix(max(0, min(Int(count), 39))).map(UInt8.init), as: UTF8.self)
  }
}
