import Graphs
import KernelContract

/// Whether each element of x stands in a relation to a number, or to the element of y at the same place: x, perhaps y, both f32
/// or both index → bool.
package struct Compare: Op {
  package static let name = "compare"

  package var relation: Relation
  /// What x is compared with; nil when that is y.
  package var number: Double?

  package init(_ relation: Relation, number: Double? = nil) {
    self.relation = relation
    self.number = number
  }

  package static var samples: [Sample] {
    Relation.allCases.flatMap { relation in
      [
        Sample(Self(relation, number: 0.25), shapes: [[2, 19]], checksGradient: false),
        Sample(
          Self(relation, number: 2), [(TensorType(.int32, [3, 7]), .integers(5))], checksGradient: false),
        Sample(Self(relation), shapes: [[2, 3, 5], [2, 3, 5]], checksGradient: false),
        Sample(
          Self(relation), [(TensorType(.int32, [21]), .integers(3)), (TensorType(.int32, [21]), .integers(3))],
          checksGradient: false),
      ]
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(number == nil ? 2 : 1)
    if operands[0].element == .bool { try operands.expectFloat(0) }
    if number == nil {
      try operands.expect(1, element: operands[0].element)
      if operands[0].shape != operands[1].shape { throw .shapesDiffer(operands[0], operands[1]) }
    }
    return TensorType(.bool, operands[0].shape)
  }

  /// Steps have no slope.
  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [Value?](repeating: nil, count: adjoint.operands.count)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    for index in result.values.indices {
      let other = number ?? operands[1].values[index]
      result.values[index] = relation.holds(operands[0].values[index], other) ? 1 : 0
    }
    return result
  }
}

extension Relation {
  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }

  var opcode: ElementwiseOpcode {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }
}

extension Compare: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands.lazy.compactMap(\.layout).first ?? .computed(result)
    return LayoutDecision(operands: operands.map { _ in layout }, result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let operands = site.operands(from: 0) + [.result]
    let count = site.result.size
    if site.operands[0].type.element == .int32 {
      let parameters = IndexComparisonParameters(count: count, relation: relation, number: number)
      return Lowering(calls: [KernelCall(parameters, operands: operands)])
    }
    let compared =
      number.map {
        [
          ElementwiseInstruction(.constant, 2, 0, immediate: Float($0)),
          ElementwiseInstruction(relation.opcode, 1, 0, 2),
        ]
      } ?? [ElementwiseInstruction(relation.opcode, 2, 0, 1)]
    guard
      let program = ElementwiseProgram(
        count: count, inputs: [ElementwiseProgram.InputKind](repeating: .full, count: site.operands.count),
        instructions: compared)
    else { throw .noKernel(op: name, reason: "the program is too long") }
    return Lowering(calls: [KernelCall(program, operands: operands)])
  }
}
