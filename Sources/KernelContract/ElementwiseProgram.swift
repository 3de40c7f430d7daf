/// A chain of elementwise operations over flat buffers of equal layout, run block by block through registers that stay in
/// the first-level cache.
///
/// Operands: the inputs, then the outputs. Register `i` is operand `i`; registers from `inputCount + outputCount` on are
/// temporaries. An instruction may read an output that an earlier one wrote. An output may share its memory with a full
/// input if `mayShareMemory` says so. Padding is computed like everything else, and means nothing afterwards.
package struct ElementwiseProgram: KernelParameters {
  /// How an input covers the elements.
  package enum InputKind: UInt8, Sendable, Hashable {
    /// One float per element.
    case full
    /// One float for all elements.
    case scalar
    /// One float per position on the last physical axis, `period` in all.
    case channel
  }

  package static let maximumInstructions = 24
  package static let maximumOperands = 12
  package static let maximumRegisters = 24
  /// Floats that one instruction treats at a time.
  package static let blockFloats = 512
  /// Floats of one item.
  package static let itemFloats = 8192

  /// Floats in every full operand, padding included.
  package let count: Int
  /// Floats of a `channel` input: the physical extent of the last axis. 1 without such inputs.
  package let period: Int
  package let inputCount: Int
  package let outputCount: Int
  package let registerCount: Int
  package let instructionCount: Int
  package let inputKinds: InlineArray<12, InputKind>
  package let instructions: InlineArray<24, ElementwiseInstruction>

  /// Nil when a limit is exceeded, a register has no number or is read before it is written, or an input is written.
  package init?(
    count: Int, period: Int = 1, inputs: [InputKind], outputs: Int = 1, instructions list: [ElementwiseInstruction]
  ) {
    let operands = inputs.count + outputs
    let highest = list.map { Int($0.destination) }.max() ?? 0
    guard count >= 0, period > 0, outputs > 0, !list.isEmpty, operands <= Self.maximumOperands,
      list.count <= Self.maximumInstructions, highest < Self.maximumRegisters
    else { return nil }
    var written = Set(0..<inputs.count)
    for instruction in list {
      guard instruction.sources.allSatisfy({ written.contains(Int($0)) }), instruction.destination >= inputs.count
      else {
        return nil
      }
      written.insert(Int(instruction.destination))
    }
    guard (inputs.count..<operands).allSatisfy(written.contains) else { return nil }
    self.count = count
    self.period = period
    inputCount = inputs.count
    outputCount = outputs
    registerCount = max(highest + 1, operands)
    instructionCount = list.count
    inputKinds = InlineArray { inputs.indices.contains($0) ? inputs[$0] : .full }
    let filler = ElementwiseInstruction(.copy, 0, 0)
    instructions = InlineArray { list.indices.contains($0) ? list[$0] : filler }
  }

  /// Whether the output of that number may be written over the input of that number: the input must be full and not be
  /// read after the output's first instruction.
  package func mayShareMemory(output: Int, input: Int) -> Bool {
    guard inputKinds[input] == .full else { return false }
    var written = false
    for i in 0..<instructionCount {
      if written && instructions[i].sources.contains(UInt8(input)) { return false }
      if Int(instructions[i].destination) == inputCount + output { written = true }
    }
    return true
  }

  package static let name = "elementwise"
  package func kernel(in table: KernelTable) -> Kernel { table.elementwiseProgram }
  package var items: Int { (count + Self.itemFloats - 1) / Self.itemFloats }
  package var scratchBytes: Int {
    registerCount * (Self.blockFloats * MemoryLayout<Float>.stride + MemoryLayout<UnsafeRawPointer>.stride)
  }
  package var flops: Double { Double(count) * Double(instructionCount) }
}

/// One operation of an `ElementwiseProgram`: `destination = opcode(first, second, third)`.
package struct ElementwiseInstruction: Sendable, Hashable, BitwiseCopyable {
  package let opcode: ElementwiseOpcode
  package let destination: UInt8
  package let first: UInt8
  package let second: UInt8
  package let third: UInt8
  package let immediate: Float
  package let secondImmediate: Float

  package init(
    _ opcode: ElementwiseOpcode, _ destination: UInt8, _ first: UInt8, _ second: UInt8 = 0, _ third: UInt8 = 0,
    immediate: Float = 0, secondImmediate: Float = 0
  ) {
    self.opcode = opcode
    self.destination = destination
    self.first = first
    self.second = second
    self.third = third
    self.immediate = immediate
    self.secondImmediate = secondImmediate
  }

  /// The registers that it reads.
  package var sources: [UInt8] { Array([first, second, third].prefix(opcode.sourceCount)) }
}

/// What an elementwise instruction computes, in float32. `a`, `b`, `c` are its sources, `m`, `n` its immediates.
package enum ElementwiseOpcode: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  // MARK: No source
  /// `m`.
  case constant
  // MARK: One source
  case copy, negate, absolute, square, squareRoot, reciprocal, exponential, logarithm
  /// -1, 0 or 1; 0 for not a number.
  case sign
  /// `max(a, 0)`; not a number stays so.
  case relu
  /// `a > 0 ? a : m * a`.
  case leakyReLU
  case sigmoid, tanh
  /// `log(1 + e^a)`.
  case softplus
  /// `a Φ(a)` through erf.
  case gelu
  /// `a / 2 (1 + tanh(√(2/π) (a + 0.044715 a³)))`.
  case geluTanh
  /// `a sigmoid(a)`.
  case silu
  /// `a + m`.
  case addImmediate
  /// `a * m`.
  case multiplyImmediate
  /// `a * m + n`.
  case multiplyAddImmediate
  /// `a` held between `m` and `n`; not a number stays so.
  case clip
  // MARK: Two sources
  case add, subtract, multiply, divide
  /// Not a number where either is not, as `torch.maximum`.
  case maximum, minimum
  /// `max(a + b, 0)`.
  case addReLU
  /// `b > 0 ? a : 0` with the upstream gradient `a` and ReLU's argument or result `b`.
  case reluGradient
  /// `b > 0 ? a : m * a` with the upstream gradient `a` and the argument `b`.
  case leakyReLUGradient
  /// `a b (1 - b)` with the result `b`.
  case sigmoidGradient
  /// `a (1 - b²)` with the result `b`.
  case tanhGradient
  /// The upstream gradient `a` times the slope at the argument `b`.
  case softplusGradient, geluGradient, geluTanhGradient, siluGradient
  /// `max(a, 0) - a b + log(1 + e^-|a|)`: binary cross-entropy of the logit `a` with the target `b`.
  case binaryCrossEntropyWithLogits
  /// 1 where it holds, else 0.
  case greater, greaterOrEqual, less, lessOrEqual, equal, notEqual
  // MARK: Three sources
  /// `a != 0 ? b : c`.
  case select
  /// `a * b + c`, rounded once.
  case multiplyAdd

  /// How many registers it reads.
  package var sourceCount: Int {
    switch self {
    case .constant: 0
    case .copy, .negate, .absolute, .square, .squareRoot, .reciprocal, .exponential, .logarithm, .sign, .relu,
      .leakyReLU,
      .sigmoid, .tanh, .softplus, .gelu, .geluTanh, .silu, .addImmediate, .multiplyImmediate, .multiplyAddImmediate,
      .clip:
      1
    case .select, .multiplyAdd: 3
    default: 2
    }
  }
}
