import KernelContract
import Kernels
import Testing

/// Loops of a copy as a test states them: extents, source strides, result strides.
private let cases: [[(Int, Int, Int)]] = [
  [(7, 1, 1)],
  [(3, 35, 80), (5, 7, 16), (7, 1, 1)],
  [(2, 3 * 35, 35 * 16), (3, 35, 1), (35, 1, 16)],
  [(2, 37 * 19, 37 * 19), (37, 1, 19), (19, 37, 1)],
  [(100_000, 1, 1)],
  [(4, 1, 60), (3, 4, 20), (5, 12, 4), (4, 60, 1)],
]

@Test(arguments: instructionSets, cases.indices)
func stridedCopyVisitsEveryElementOnce(_ set: InstructionSet, _ index: Int) throws {
  let loops = cases[index].map { StridedCopyParameters.Loop(extent: $0.0, source: $0.1, result: $0.2) }
  let parameters = try #require(StridedCopyParameters(loops, sourceStart: 2, resultStart: 3))
  let source = Buffer.random(2 + loops.reduce(1) { $0 + ($1.extent - 1) * $1.source }, seed: 9)
  let size = 3 + loops.reduce(1) { $0 + ($1.extent - 1) * $1.result }
  var expected = [Float](repeating: -7, count: size)
  func visit(_ depth: Int, _ from: Int, _ to: Int) {
    guard depth < loops.count else {
      expected[to] = source[from]
      return
    }
    for step in 0..<loops[depth].extent {
      visit(depth + 1, from + step * loops[depth].source, to + step * loops[depth].result)
    }
  }
  visit(0, 2, 3)
  for parts in 1...3 {
    let result = Buffer(size, filledWith: -7)
    let call = KernelCall(parameters, operands: [.operand(0), .result])
    run(KernelSequence([call]), set, operands: [source], result: result, parts: parts)
    #expect(result.values == expected)
  }
}
