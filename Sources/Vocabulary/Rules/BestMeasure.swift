/// The best value of a measure so far.
package struct BestMeasure: Hashable, Sendable {
  /// Nil before the first.
  package var value: Double?

  package init(_ value: Double? = nil) { self.value = value }

  /// Takes notice of a value; says whether it is better than all before. One that is equal, or no number, is not.
  package mutating func observe(_ new: Double, higherIsBetter: Bool) -> Bool {
    guard value.map({ higherIsBetter ? new > $0 : new < $0 }) ?? !new.isNaN else { return false }
    value = new
    return true
  }
}
