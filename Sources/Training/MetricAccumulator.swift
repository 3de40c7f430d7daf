import Graphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Collects what the batches of a set say of one metric.
package struct MetricAccumulator {
  private let summary: MetricSummary
  /// Sums of the parts, element by element; or all elements where they are collected.
  private var parts: [[Double]]
  private var examples = 0

  package init(_ summary: MetricSummary) {
    self.summary = summary
    parts = [[Double]](repeating: [], count: summary.partCount)
  }

  /// Takes in the parts of a batch of so many examples.
  package mutating func add(_ batch: [[Float]], examples count: Int) {
    examples += count
    let weight = summary == .weightedMean ? batch.last?.first : nil
    for (index, values) in batch.enumerated() where index < parts.count {
      switch summary {
      case .areaUnderCurve, .determination: parts[index] += values.map(Double.init)
      case .mean, .share, .weightedMean, .ratio, .exponentialOfRatio, .classification, .confusion:
        let share = summary == .mean ? Double(count) : index == 0 ? weight.map(Double.init) ?? 1 : 1
        if parts[index].isEmpty { parts[index] = [Double](repeating: 0, count: values.count) }
        for (place, value) in values.enumerated() { parts[index][place] += share * Double(value) }
      }
    }
  }

  /// The value over all examples; nil where there is no single one, or a ratio of nothing: no target counts.
  package var value: Double? {
    switch summary {
    case .mean: (parts[0].first ?? 0) / Double(max(1, examples))
    case .share(let most): (parts[0].first ?? 0) / Double(max(1, examples * most))
    case .weightedMean, .ratio: ratio
    case .exponentialOfRatio: ratio.map { exp($0) }
    case .classification(let measure, let average): classification(measure, average)
    case .confusion: nil
    case .areaUnderCurve: areaUnderCurve
    case .determination: determination
    }
  }

  /// The counted pairs, a row for each true class.
  package var confusion: [[Int]]? {
    guard summary == .confusion else { return nil }
    let classes = Int(Double(parts[0].count).squareRoot().rounded())
    return (0..<classes).map { row in parts[0][(row * classes)..<((row + 1) * classes)].map { Int($0) } }
  }

  private var ratio: Double? {
    guard let sum = parts[0].first, let count = parts[1].first, count != 0 else { return nil }
    return sum / count
  }

  /// A measure that divides by no cases is 0.
  private func classification(_ measure: ClassificationMeasure, _ average: ClassAverage) -> Double {
    let classes = parts[0].count / 3
    func count(_ row: Int) -> [Double] { Array(parts[0][(row * classes)..<((row + 1) * classes)]) }
    var (hits, predicted, actual) = (count(0), count(1), count(2))
    if average == .micro {
      (hits, predicted, actual) = ([hits.reduce(0, +)], [predicted.reduce(0, +)], [actual.reduce(0, +)])
    }
    let values = hits.indices.map { index in
      let whole =
        switch measure {
        case .precision: predicted[index]
        case .recall: actual[index]
        case .f1: (predicted[index] + actual[index]) / 2
        }
      return whole == 0 ? 0 : hits[index] / whole
    }
    if average == .weighted {
      let total = actual.reduce(0, +)
      return total == 0 ? 0 : zip(values, actual).reduce(0) { $0 + $1.0 * $1.1 } / total
    }
    return values.reduce(0, +) / Double(max(1, values.count))
  }

  /// How likely a true one has a greater logit than one that is not, equal ones counted half (Mann and Whitney 1947). Not a
  /// number where all are alike.
  private var areaUnderCurve: Double {
    let order = parts[0].indices.sorted { parts[0][$0] < parts[0][$1] }
    var rankSum = 0.0
    var positives = 0.0
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, parts[0][order[end]] == parts[0][order[first]] { end += 1 }
      let rank = Double(first + 1 + end) / 2
      for place in order[first..<end] where parts[1][place] > 0.5 {
        rankSum += rank
        positives += 1
      }
      first = end
    }
    let negatives = Double(order.count) - positives
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }

  /// 1 minus the squared differences over those from the mean. Not a number where all targets are equal.
  private var determination: Double {
    let width = max(1, parts[0].count / max(1, examples))
    var sum = 0.0
    for column in 0..<width {
      let places = stride(from: column, to: parts[0].count, by: width)
      let count = Double(parts[0].count / width)
      let mean = places.reduce(0) { $0 + parts[1][$1] } / count
      let residual = places.reduce(0) { $0 + (parts[1][$1] - parts[0][$1]) * (parts[1][$1] - parts[0][$1]) }
      let total = places.reduce(0) { $0 + (parts[1][$1] - mean) * (parts[1][$1] - mean) }
      sum += 1 - residual / total
    }
    return sum / Double(width)
  }
}
