/// How often each class was taken for each.
package struct ConfusionMatrix: Sendable {
  package let names: [String]
  /// A row for each true class, a column for each predicted one.
  package private(set) var counts: [[Int]]

  package init(names: [String]) {
    self.names = names
    counts = Array(repeating: Array(repeating: 0, count: names.count), count: names.count)
  }

  package mutating func add(true actual: Int, predicted: Int) {
    guard counts.indices.contains(actual), counts.indices.contains(predicted) else { return }
    counts[actual][predicted] += 1
  }

  /// The figures of one class; those that would divide by no examples are nil.
  package struct ClassFigures: Hashable, Sendable {
    package var name: String
    /// True examples of the class.
    package var examples: Int
    /// Which share of what was taken for the class belongs to it.
    package var precision: Double?
    /// Which share of the class was found.
    package var recall: Double?
    /// The harmonic mean of the two.
    package var f1: Double?
  }

  package var figures: [ClassFigures] {
    names.indices.map { index in
      let hits = counts[index][index]
      let actual = counts[index].reduce(0, +)
      let predicted = counts.reduce(0) { $0 + $1[index] }
      func share(_ part: Int, of whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }
      return ClassFigures(
        name: names[index], examples: actual, precision: share(hits, of: predicted), recall: share(hits, of: actual),
        f1: share(2 * hits, of: actual + predicted))
    }
  }

  /// All examples.
  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The share of examples that were taken for what they are; nil without examples.
  package var accuracy: Double? {
    total == 0 ? nil : Double(names.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// The most frequent mistakes, most frequent first.
  package func mistakes(limit: Int) -> [(actual: String, predicted: String, count: Int)] {
    var found: [(actual: Int, predicted: Int, count: Int)] = []
    for actual in names.indices {
      for predicted in names.indices where actual != predicted && counts[actual][predicted] > 0 {
        found.append((actual, predicted, counts[actual][predicted]))
      }
    }
    found.sort { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
    return found.prefix(limit).map { (names[$0.actual], names[$0.predicted], $0.count) }
  }
}
