import Graphs
import KernelContract

/// `x · wᵀ`: x [..., K], w [OUT, K] → [..., OUT]; then the epilogue, whose operands follow.
package struct Linear: Op {
  package static let name = "linear"
  package var epilogue: Epilogue

  package init(epilogue: Epilogue = Epilogue()) { self.epilogue = epilogue }

  package static var samples: [Sample] {
    [
      Sample(Self(), shapes: [[5, 7], [3, 7]]),
      Sample(Self(), shapes: [[1, 33], [10, 33]]),
      Sample(Self(), shapes: [[13, 20], [37, 20]]),
      Sample(Self(), shapes: [[2, 3, 17], [19, 17]]),
      Sample(Self(), shapes: [[26, 300], [16, 300]]),
      Sample(Self(), shapes: [[2, 3, 4, 18], [5, 18]]),
      Sample(Self(epilogue: Epilogue(bias: true)), shapes: [[5, 7], [19, 7], [19]], checksGradient: false),
      Sample(
        Self(epilogue: Epilogue(bias: true, activation: .relu)), shapes: [[14, 7], [35, 7], [35]],
        checksGradient: false),
      Sample(
        Self(epilogue: Epilogue(bias: true, residual: true, activation: .sigmoid)),
        shapes: [[3, 7], [5, 7], [5], [3, 5]], checksGradient: false),
      Sample(
        Self(epilogue: Epilogue(residual: true, activation: .tanh)), shapes: [[3, 7], [5, 7], [3, 5]],
        checksGradient: false),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count < 2 { throw .operandCount(expected: 2 + epilogue.operandCount, found: operands.count) }
    try operands.expectFloat(0)
    try operands.expectFloat(1)
    try operands.expect(0, rank: 2...8)
    try operands.expect(1, rank: 2...2)
    let (x, w) = (operands[0].shape, operands[1].shape)
    if x[x.count - 1] != w[1] { throw .dimensionMismatch(operand: 1, axis: 1, expected: x[x.count - 1], found: w[1]) }
    let result = TensorType(.float32, x.dropLast() + [w[0]])
    try operands.expectEpilogue(epilogue, from: 2, result: result, columns: w[0])
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    // Fusion, which fills in epilogues, comes after differentiation.
    guard epilogue.isEmpty else { throw .notDifferentiable(op: name) }
    let (x, w) = (adjoint.operands[0], adjoint.operands[1])
    return [
      adjoint.needed[0] ? try builder.emit(LinearDataGradient(), adjoint.gradient, w) : nil,
      adjoint.needed[1] ? try builder.emit(LinearWeightGradient(), x, adjoint.gradient) : nil,
    ]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (x, w) = (operands[0], operands[1])
    let (outputs, inputs) = (w.shape[0], w.shape[1])
    var result = HostTensor(shape: x.shape.dropLast() + [outputs])
    for row in 0..<(result.count / max(1, outputs)) {
      for output in 0..<outputs {
        var sum = 0.0
        for input in 0..<inputs { sum += x.values[row * inputs + input] * w.values[output * inputs + input] }
        result.values[row * outputs + output] = sum
      }
    }
    return epilogue.reference(result, axis: result.rank - 1, operands: operands, from: 2)
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    let columns = types.producerResult.rank - 1
    return epilogue.absorbing(consumer, at: position, columns: columns).map {
      Absorbed(op: Self(epilogue: $0.epilogue), appendedOperands: $0.appendedOperands)
    }
  }
}

extension Linear: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let (x, order) = PlacedType.linear(input: operands[0], weight: operands[1])
    let place = Layout.matrix(result)
    let bias = epilogue.bias ? [Layout.computed(operands[2].type)] : []
    let others = [Layout](repeating: place, count: operands.count - 2 - bias.count)
    return LayoutDecision(operands: [x, .linearPanels(order: order)] + bias + others, result: place)
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    guard case .bytes = layout else { return false }
    return position == 0 && LinearShape.isWorthBytes(operands[0].shape)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (x, y) = (site.operands[0], site.result)
    let shape = LinearShape(
      rows: x.rows, inputs: x.columns, outputs: y.columns, inputRow: x.rowStride, outputRow: y.rowStride,
      byteScale: x.byteScale, unit: site.unit)
    return Lowering(
      shape.forwardCalls(
        epilogue, x: .operand(0), weights: .operand(1), result: .result, epilogueOperands: site.operands(from: 2)),
      note: x.byteScale == nil ? "" : "input as bytes")
  }
}
