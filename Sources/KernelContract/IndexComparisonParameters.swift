/// Whether whole numbers stand in a relation to one number, or to those at the same place: 1 or 0 as Float.
///
/// Operands: `x` (Int32), `y` (Int32) unless `hasNumber`, `result`. All lie alike; padding is computed too.
package struct IndexComparisonParameters: KernelParameters {
  package static let name = "index_comparison"
  package let count: Int
  package let relation: Relation
  package let hasNumber: Bool
  /// In double precision: any whole number of 32 bits, and what lies between two.
  package let number: Double

  package init(count: Int, relation: Relation, number: Double?) {
    self.count = count
    self.relation = relation
    hasNumber = number != nil
    self.number = number ?? 0
  }

  static let itemCount = 4096
  package func kernel(in table: KernelTable) -> Kernel { table.indexComparison }
  package var itemNumbers: Int { Self.itemCount }
  package var items: Int { ceilingQuotient(count, Self.itemCount) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(count) }
}
