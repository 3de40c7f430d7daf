import KernelContract
import Kernels
import Testing

/// Memory of an operand: exactly its floats, between canaries that must survive.
final class TestBuffer {
  let count: Int
  private let base: UnsafeMutableRawPointer
  private static let canary: UInt32 = 0xdead_beef
  private static let margin = 64

  /// Filled with not-a-number patterns, so that unwritten results show.
  init(count: Int) {
    self.count = count
    base = .allocate(byteCount: count * 4 + 2 * Self.margin, alignment: 64)
    let words = base.assumingMemoryBound(to: UInt32.self)
    for i in 0..<count + Self.margin / 2 { words[i] = Self.canary }
    for i in 0..<count { words[Self.margin / 4 + i] = Float.nan.bitPattern }
  }

  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for i in values.indices { floats[i] = values[i] }
  }

  convenience init(integers: [Int32]) {
    self.init(count: integers.count)
    for i in integers.indices { self.integers[i] = integers[i] }
  }

  deinit { base.deallocate() }

  var address: UnsafeMutableRawPointer { base + Self.margin }
  var floats: UnsafeMutablePointer<Float> { address.assumingMemoryBound(to: Float.self) }
  var integers: UnsafeMutablePointer<Int32> { address.assumingMemoryBound(to: Int32.self) }
  subscript(_ i: Int) -> Float { floats[i] }
  /// A copy: in loops use the subscript.
  var values: [Float] { Array(UnsafeBufferPointer(start: floats, count: count)) }
  /// The bit patterns: equal even where values are not numbers.
  var words: [UInt32] { values.map(\.bitPattern) }
  var isIntact: Bool {
    let words = base.assumingMemoryBound(to: UInt32.self)
    let edge = Self.margin / 4
    return (0..<edge).allSatisfy { words[$0] == Self.canary && words[edge + count + $0] == Self.canary }
  }
}

/// Runs a call with its items split into `parts` ranges, the last range first.
func run(_ parameters: any KernelParameters, on table: KernelTable, _ operands: [TestBuffer], parts: Int = 1) {
  runCall(parameters, on: table, operands.map(\.address), parts: parts)
  for operand in operands { #expect(operand.isIntact) }
}

private func runCall<P: KernelParameters>(
  _ parameters: P, on table: KernelTable, _ operands: [UnsafeMutableRawPointer], parts: Int
) {
  let scratch = UnsafeMutableRawPointer.allocate(byteCount: max(64, parameters.scratchBytes), alignment: 64)
  defer { scratch.deallocate() }
  let kernel = parameters.kernel(in: table)
  let items = parameters.items
  withUnsafePointer(to: parameters) { parameters in
    operands.withUnsafeBufferPointer { operands in
      let context = KernelContext(
        operands: operands.baseAddress!, parameters: UnsafeRawPointer(parameters), scratch: scratch)
      for part in (0..<parts).reversed() {
        let (first, end) = (items * part / parts, items * (part + 1) / parts)
        if first < end { kernel(context, first, end) }
      }
    }
  }
}

/// Runs the calls of a sequence: operands, then the result.
func run(
  _ sequence: KernelSequence, on table: KernelTable, _ operands: [TestBuffer], result: TestBuffer, parts: Int = 1
) {
  let workspace = TestBuffer(count: sequence.workspaceBytes / 4)
  let prepared = TestBuffer(count: sequence.preparedBytes / 4)
  for call in sequence.preparation + sequence.calls {
    let addresses = call.operands.map { operand in
      switch operand {
      case .operand(let i): operands[i].address
      case .result: result.address
      case .operandPart(let i, let offset): operands[i].address + offset
      case .resultPart(let offset): result.address + offset
      case .workspace(let offset): workspace.address + offset
      case .prepared(let offset): prepared.address + offset
      }
    }
    runCall(call.parameters, on: table, addresses, parts: parts)
  }
  for buffer in operands + [workspace, prepared, result] { #expect(buffer.isIntact) }
}

/// Runs a sequence with its items whole and split in 2, 3 and 4 parts, expects the same bits, and gives the result.
func runSplit(
  _ sequence: KernelSequence, on table: KernelTable, _ operands: [TestBuffer], count: Int,
  compared: (TestBuffer) -> [UInt32] = { $0.words }, sourceLocation: SourceLocation = #_sourceLocation
) -> [Float] {
  let whole = TestBuffer(count: count)
  run(sequence, on: table, operands, result: whole)
  for parts in 2...4 {
    let split = TestBuffer(count: count)
    run(sequence, on: table, operands, result: split, parts: parts)
    #expect(compared(split) == compared(whole), "split in \(parts) parts", sourceLocation: sourceLocation)
  }
  return whole.values
}

/// The kernels that this processor runs.
let tables: [KernelTable] = instructionSets.map(\.kernelTable)

/// Reproducible numbers (SplitMix64).
struct TestNumbers: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
  mutating func floats(_ count: Int, _ range: ClosedRange<Float> = -2...2) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// Rows of `width` numbers that stand `stride` apart, with not-a-number in the padding.
struct TestRows {
  var rows: Int
  var width: Int
  var stride: Int
  var values: [Float]

  init(rows: Int, width: Int, stride: Int, _ numbers: inout TestNumbers, _ range: ClosedRange<Float> = -2...2) {
    self.rows = rows
    self.width = width
    self.stride = stride
    values = Array(repeating: .nan, count: rows * stride)
    for r in 0..<rows {
      for c in 0..<width { values[r * stride + c] = Float.random(in: range, using: &numbers) }
    }
  }

  subscript(_ row: Int, _ column: Int) -> Double { Double(values[row * stride + column]) }
  var buffer: TestBuffer { TestBuffer(values) }
}

/// Rounded up to whole vectors.
func padded(_ extent: Int) -> Int { (extent + 15) / 16 * 16 }

/// Expects `|actual - expected| <= tolerance * (scale + |expected|)`, or both not numbers.
func expectClose(
  _ actual: Float, _ expected: Double, tolerance: Double = 1e-5, scale: Double = 1,
  _ what: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let isClose =
    expected.isNaN
    ? actual.isNaN
    : Double(actual) == expected || abs(Double(actual) - expected) <= tolerance * (scale + abs(expected))
  if !isClose {
    let message = what()
    #expect(isClose, "\(message): \(actual) instead of \(expected)", sourceLocation: sourceLocation)
  }
}
