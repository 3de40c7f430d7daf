// What the micro-kernels have in common. Their loops over rows and panels have constant bounds and unroll; rows are taken in two halves,
// each from a pointer of its own, because the compiler stops short of unrolling 14 of them and adds row strides in a chain. It keeps sums
// in registers only where what starts, adds and stores them stands in one function.

/// How many steps ahead panels of B are fetched, as many as a line takes to come from memory (measured: 19 instead of 15 GB/s
/// for a stream; much further is slower again), and rows of A, whose lines last longer.
let prefetchSteps = 24
let prefetchStepsOfRows = 64

/// The accumulators of a register tile; a type argument of `contract`.
typealias Accumulators<let rows: Int, let panels: Int> = InlineArray<rows, InlineArray<panels, Vector>>

/// Adds the products of one step.
@inline(__always)
func addStep<let rows: Int, let panels: Int>(
  _ sums: inout Accumulators<rows, panels>, _ a0: UnsafeRawPointer, _ a1: UnsafeRawPointer, _ b: UnsafeRawPointer,
  _ aRow: Int, _ aRow3: Int, _ aRow5: Int, _ bPanel: Int
) {
  let half = (rows + 1) / 2
  var columns = InlineArray<panels, Vector>(repeating: .zero)
  for p in 0..<panels { columns[p] = (b + p * bPanel).loadUnaligned(as: Vector.self) }
  for r in 0..<half {
    let x = Vector(repeating: a0.load(fromByteOffset: rowOffset(r, aRow, aRow3, aRow5), as: Float.self))
    for p in 0..<panels { sums[r][p] = fma(x, columns[p], sums[r][p]) }
  }
  for r in 0..<rows - half {
    let x = Vector(repeating: a1.load(fromByteOffset: rowOffset(r, aRow, aRow3, aRow5), as: Float.self))
    for p in 0..<panels { sums[half + r][p] = fma(x, columns[p], sums[half + r][p]) }
  }
}

/// `row` (0 … 6) times the row stride, as a multiple by 1, 2 or 4 of a number that stands in a register.
@inline(__always)
private func rowOffset(_ row: Int, _ one: Int, _ three: Int, _ five: Int) -> Int {
  switch row {
  case 0: 0
  case 1: one
  case 2: one * 2
  case 3: three
  case 4: one * 4
  case 5: five
  default: three * 2
  }
}
