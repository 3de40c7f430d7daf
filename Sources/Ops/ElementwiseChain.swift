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

  /// In order; the last one's result is the chain's. Every step is an op of one step itself.
  package let steps: [Step]
  package let operandCount: Int

  package init(_ steps: [Step], operandCount: Int) {
    self.steps = steps
    self.operandCount = operandCount
  }

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

  package var chain: ElementwiseChain { self }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(operandCount)
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
      count: count, inputs: [ElementwiseProgram.InputKind](repeating: .full, count: operandCount),
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
    let chain = ElementwiseChain(all, operandCount: operandCount + consumer.operandCount - 1)
    return chain.program(count: 1) == nil ? nil : chain
  }
}
