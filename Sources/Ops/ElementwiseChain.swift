import Graphs
import KernelContract

/// Several elementwise ops in one pass over memory: what fusion makes of neighbours.
package struct ElementwiseChain: ElementwiseOp, NotDifferentiable {
  package static let name = "elementwise_chain"

  /// One op of the chain.
  package struct Step: Sendable, Hashable, CustomStringConvertible {
    /// Where an operand of the step comes from.
    package enum Source: Sendable, Hashable {
      /// The chain's operand of that number.
      case operand(Int)
      /// The result of an earlier step.
      case step(Int)
    }
    package let op: any ElementwiseOp
    package let sources: [Source]

    package init(_ op: any ElementwiseOp, _ sources: [Source]) {
      self.op = op
      self.sources = sources
    }

    package static func == (a: Step, b: Step) -> Bool {
      a.sources == b.sources && AnyHashable(a.op) == AnyHashable(b.op)
    }
    package func hash(into hasher: inout Hasher) {
      hasher.combine(sources)
      op.hash(into: &hasher)
    }

    package var description: String {
      let names = sources.map { source in
        switch source {
        case .operand(let number): "%\(number)"
        case .step(let number): "#\(number)"
        }
      }
      let attributes = op.attributes.map { " \($0.name)=\($0.value)" }.joined()
      return "\(op.name)(\(names.joined(separator: ", "))\(attributes))"
    }
  }

  /// How an operand covers the elements of the result.
  package enum Kind: Sendable, Hashable {
    case full
    /// One number, repeated for all elements.
    case scalar
  }

  /// In order; the last one's result is the chain's. Every step is an op of one step itself.
  package let steps: [Step]
  /// Of each operand; one at least is full.
  package let kinds: [Kind]

  package init(_ steps: [Step], _ kinds: [Kind]) {
    self.steps = steps
    self.kinds = kinds
  }

  package init(_ steps: [Step], operandCount: Int) {
    self.init(steps, [Kind](repeating: .full, count: operandCount))
  }

  package var operandCount: Int { kinds.count }
  private var firstFull: Int { kinds.firstIndex(of: .full) ?? 0 }

  package static var sampleOps: [Self] {
    [
      Self([Step(Multiply(), [.operand(0), .operand(1)]), Step(ReLU(), [.step(0)])], operandCount: 2),
      Self(
        [
          Step(Sigmoid(), [.operand(0)]), Step(Subtract(), [.step(0), .operand(1)]), Step(Square(), [.step(1)]),
          Step(Add(), [.step(2), .step(0)]),
        ], operandCount: 2),
      Self(
        [
          Step(BinaryCrossEntropyTermGradient(), [.operand(0), .operand(1), .operand(0)]),
          Step(Scale(factor: 0.5), [.step(0)]),
        ], operandCount: 2),
    ]
  }

  package static var samples: [Sample] {
    let withScalar = Self([Step(Multiply(), [.operand(0), .operand(1)]), Step(ReLU(), [.step(0)])], [.scalar, .full])
    let shapes = [[2, 19, 3, 5], [2, 3, 4, 5], [3, 37], [21], []]
    return shapes.flatMap { shape in
      sampleOps.map { Sample($0, shapes: [shape, shape]) } + [Sample(withScalar, shapes: [[], shape])]
    }
  }

  package var chain: ElementwiseChain { self }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(operandCount)
    var operands = operands
    for operand in operands.indices where kinds[operand] == .scalar {
      try operands.expect(operand, shape: [])
      operands[operand].shape = operands[firstFull].shape
    }
    var results: [TensorType] = []
    for step in steps {
      var types: [TensorType] = []
      for source in step.sources {
        switch source {
        case .operand(let number): types.append(operands[number])
        case .step(let number): types.append(results[number])
        }
      }
      results.append(try step.op.resultType(types))
    }
    guard let result = results.last else { throw .attribute(name: "steps", reason: "there are none") }
    return result
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[firstFull]
    for index in result.values.indices {
      result.values[index] = value(zip(operands, kinds).map { $0.values[$1 == .full ? index : 0] })
    }
    return result
  }

  package func value(_ x: [Double]) -> Double {
    var results: [Double] = []
    for step in steps {
      let operands = step.sources.map { source in
        switch source {
        case .operand(let number): x[number]
        case .step(let number): results[number]
        }
      }
      results.append(step.op.value(operands))
    }
    return results[results.count - 1]
  }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    var list: [ElementwiseInstruction] = []
    for (number, step) in steps.enumerated() {
      let registers = step.sources.map { source in
        switch source {
        case .operand(let number): sources[number]
        case .step(let number): temporary + 1 + UInt8(truncatingIfNeeded: number)
        }
      }
      let target = number == steps.count - 1 ? result : temporary + 1 + UInt8(truncatingIfNeeded: number)
      list += step.op.instructions(registers, target, temporary)
    }
    return list
  }

  /// The kernel's program over `count` floats; nil when it exceeds the kernel's limits.
  func program(count: Int) -> ElementwiseProgram? {
    guard operandCount < ElementwiseProgram.maximumOperands,
      operandCount + 1 + steps.count < ElementwiseProgram.maximumRegisters
    else { return nil }
    let result = UInt8(operandCount)
    return ElementwiseProgram(
      count: count, inputs: kinds.map { $0 == .full ? .full : .scalar },
      instructions: instructions((0..<result).map { $0 }, result, result + 1))
  }

  /// This chain, whose result is then operand `position` of `consumer`; nil when the kernel cannot take it.
  /// The operands are this chain's, then the consumer's others.
  func followed(by consumer: ElementwiseChain, at position: Int) -> ElementwiseChain? {
    var all = steps
    for step in consumer.steps {
      let sources = step.sources.map { source -> Step.Source in
        switch source {
        case .operand(position): .step(steps.count - 1)
        case .operand(let number): .operand(operandCount + (number < position ? number : number - 1))
        case .step(let number): .step(steps.count + number)
        }
      }
      all.append(Step(step.op, sources))
    }
    var others = consumer.kinds
    others.remove(at: position)
    let chain = ElementwiseChain(all, kinds + others)
    return chain.program(count: 1) == nil ? nil : chain
  }

  /// This chain, whose operand `position` is one repeated number and comes first.
  func repeating(_ position: Int) -> ElementwiseChain? {
    guard kinds[position] == .full, kinds.count(where: { $0 == .full }) > 1 else { return nil }
    let moved = steps.map { step in
      Step(
        step.op,
        step.sources.map { source in
          guard case .operand(let number) = source else { return source }
          return .operand(number == position ? 0 : number < position ? number + 1 : number)
        })
    }
    var others = kinds
    others.remove(at: position)
    return ElementwiseChain(moved, [.scalar] + others)
  }

  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let full = zip(operands, kinds).filter { $1 == .full }
    let layout = full.lazy.compactMap(\.0.layout).first ?? .computed(result)
    return LayoutDecision(
      operands: zip(operands, kinds).map { $1 == .full ? layout : .computed($0.type) }, result: layout)
  }
}
