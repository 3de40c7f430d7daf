/// What the machine can do: one operation on tensors. An op is a value; two equal ops on the same operands compute the
/// same tensor. Everything that the compiler knows of an op stands in its one file.
package protocol Op: Sendable, Hashable {
  /// The op's name in dumps and plans, in snake case.
  static var name: String { get }

  /// The type of the result, or why the operands do not fit.
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType

  /// Adds the gradient of the loss with respect to each operand; nil where there is none to propagate (an integer
  /// operand, or one that does not influence the result smoothly).
  func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?]

  /// The result in float64, computed in the plainest way: the definition that kernels and gradients are tested against.
  func reference(_ operands: [HostTensor]) -> HostTensor

  /// The operands that the op writes in place; they are variables.
  var mutatedOperands: [Int] { get }

  /// Whether the result is the first of `mutatedOperands` as it is afterwards, in the same memory.
  var returnsMutated: Bool { get }

  /// What each of `mutatedOperands` holds afterwards, in float64.
  func mutations(_ operands: [HostTensor]) -> [HostTensor]

  /// If the op can compute `consumer(…, self(operands), …)` in one go, the op that does, and the consumer's further
  /// operands in the order in which they are to be appended to this op's. `position` is the operand of `consumer` that
  /// this op's result is. Nil when it cannot.
  func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed?

  /// Operands and attributes that the conformance tests and the benchmark try.
  static var samples: [Sample] { get }
}

extension Op {
  package var mutatedOperands: [Int] { [] }
  package var returnsMutated: Bool { !mutatedOperands.isEmpty }
  /// An op that mutates one operand usually has its new value as its result.
  package func mutations(_ operands: [HostTensor]) -> [HostTensor] {
    mutatedOperands.isEmpty ? [] : [reference(operands)]
  }
  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? { nil }
  package var name: String { Self.name }
}

/// What an op may look at when it decides whether it takes in its consumer.
package struct FusionTypes {
  /// The types of the producer's operands, its result, and the consumer's operands and result.
  package var producerOperands: [TensorType]
  package var producerResult: TensorType
  package var consumerOperands: [TensorType]
  package var consumerResult: TensorType

  package init(
    producerOperands: [TensorType], producerResult: TensorType, consumerOperands: [TensorType],
    consumerResult: TensorType
  ) {
    self.producerOperands = producerOperands
    self.producerResult = producerResult
    self.consumerOperands = consumerOperands
    self.consumerResult = consumerResult
  }
}

/// The op that computes producer and consumer together: its operands are the producer's, then the listed ones of the
/// consumer.
package struct Absorbed {
  package var op: any Op
  package var appendedOperands: [Int]
  package init(op: any Op, appendedOperands: [Int]) {
    self.op = op
    self.appendedOperands = appendedOperands
  }
}

/// What a gradient rule has at hand: the node's operands, its result, and the gradient of the loss with respect to it.
package struct Adjoint {
  package var operands: [Value]
  package var operandTypes: [TensorType]
  package var result: Value
  package var resultType: TensorType
  package var gradient: Value
  /// Which operands need a gradient; a rule may skip the others.
  package var needed: [Bool]

  package init(
    operands: [Value], operandTypes: [TensorType], result: Value, resultType: TensorType, gradient: Value,
    needed: [Bool]
  ) {
    self.operands = operands
    self.operandTypes = operandTypes
    self.result = result
    self.resultType = resultType
    self.gradient = gradient
    self.needed = needed
  }
}

/// Why no gradient can be built.
package enum GradientError: Error, Sendable {
  /// The op has no gradient rule.
  case notDifferentiable(op: String)
  case shape(ShapeError)
}

/// One case of an op for the conformance tests.
package struct Sample: Sendable {
  /// How a test fills an operand.
  package enum Content: Sendable {
    /// Uniform in the range.
    case uniform(Double, Double)
    /// Whole numbers 0 ..< n.
    case integers(Int)
    /// Whole numbers of the half-open range.
    case integersFrom(Int, Int)
    /// What the op computes of other operands of the sample, which stand before this one.
    case result(of: any Op, operands: [Int])
    /// Zeros and ones.
    case flags
  }
  package var op: any Op
  package var operands: [(type: TensorType, content: Content)]
  /// Whether finite differences apply: false where the op is not smooth at typical points or mutates.
  package var checksGradient: Bool

  package init(_ op: any Op, _ operands: [(type: TensorType, content: Content)], checksGradient: Bool = true) {
    self.op = op
    self.operands = operands
    self.checksGradient = checksGradient
  }

  /// All operands are float32, uniform in -1 ... 1.
  package init(_ op: any Op, shapes: [[Int]], checksGradient: Bool = true) {
    self.init(
      op, shapes.map { (TensorType(.float32, $0), .uniform(-1, 1)) }, checksGradient: checksGradient)
  }
}
