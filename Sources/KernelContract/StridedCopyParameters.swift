/// Copies numbers of 4 bytes from one arrangement to another by nested loops.
///
/// Operands: `source`, `result`. They do not overlap. What the loops do not visit stays as it is.
package struct StridedCopyParameters: KernelParameters {
  package static let name = "strided_copy"
  package static let maximumLoops = 6

  /// `extent` steps, each so many numbers further in the source and in the result.
  package struct Loop: Sendable, Hashable, BitwiseCopyable {
    package var extent: Int
    package var source: Int
    package var result: Int
    package init(extent: Int, source: Int, result: Int) {
      self.extent = extent
      self.source = source
      self.result = result
    }
  }

  /// From the outermost to the innermost; the last two may be a transpose.
  package let loops: InlineArray<6, Loop>
  package let sourceStart: Int
  package let resultStart: Int
  /// How many of the outer loops' positions an item covers is 1; the two innermost loops are an item's own.
  package let items: Int

  /// Nil when more loops are left than the kernel has, after those that continue each other are joined.
  package init?(_ list: [Loop], sourceStart: Int = 0, resultStart: Int = 0) {
    var sorted = list.filter { $0.extent != 1 }.sorted { ($1.result, $1.source) < ($0.result, $0.source) }
    var index = 0
    while index + 1 < sorted.count {
      let (outer, inner) = (sorted[index], sorted[index + 1])
      if outer.source == inner.source * inner.extent && outer.result == inner.result * inner.extent {
        sorted[index] = Loop(extent: outer.extent * inner.extent, source: inner.source, result: inner.result)
        sorted.remove(at: index + 1)
        index = max(0, index - 1)
      } else {
        index += 1
      }
    }
    // The innermost loop writes neighbours; the one that reads neighbours comes next, for the sake of whole cache lines.
    if sorted.count > 2, let reader = sorted.dropLast().lastIndex(where: { $0.source == 1 }) {
      sorted.insert(sorted.remove(at: reader), at: sorted.count - 1)
    }
    // One long loop is cut so that workers can share it.
    if let last = sorted.last, sorted.count <= 2, last.extent > 1 << 15 {
      let part = (1...64).reversed().first { last.extent % $0 == 0 } ?? 1
      if part > 1 && sorted.count + 1 <= Self.maximumLoops {
        let inner = Loop(extent: last.extent / part, source: last.source, result: last.result)
        let outer = Loop(extent: part, source: inner.extent * last.source, result: inner.extent * last.result)
        sorted.removeLast()
        sorted += [outer, Loop(extent: 1, source: 0, result: 0), inner]
        if sorted.count > Self.maximumLoops { return nil }
      }
    }
    guard sorted.count <= Self.maximumLoops else { return nil }
    let padding = Self.maximumLoops - sorted.count
    let one = Loop(extent: 1, source: 0, result: 0)
    let all = [Loop](repeating: one, count: padding) + sorted
    loops = InlineArray { all[$0] }
    items = all.dropLast(2).reduce(1) { $0 * $1.extent }
    self.sourceStart = sourceStart
    self.resultStart = resultStart
  }

  package func kernel(in table: KernelTable) -> Kernel { table.stridedCopy }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}
