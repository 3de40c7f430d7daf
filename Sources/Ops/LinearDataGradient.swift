import Graphs
import KernelContract

/// The gradient of `Linear` for its input, `dy · w`: dy [..., OUT], w [OUT, K] → [..., K]; then the epilogue.
package struct LinearDataGradient: NotDifferentiable {
  package static let name = "linear_data_gradient"
  package var epilogue: Epilogue

  package init(epilogue: Epilogue = Epilogue()) { self.epilogue = epilogue }

  package static var samples: [Sample] {
    [
      Sample(Self(), shapes: [[5, 3], [3, 7]]),
      Sample(Self(), shapes: [[1, 10], [10, 33]]),
      Sample(Self(), shapes: [[13, 37], [37, 20]]),
      Sample(Self(), shapes: [[2, 3, 19], [19, 17]]),
      Sample(Self(), shapes: [[2, 3, 4, 5], [5, 18]]),
      Sample(Self(epilogue: Epilogue(mask: .values)), shapes: [[14, 35], [35, 7], [14, 7]]),
      Sample(Self(epilogue: Epilogue(residual: true)), shapes: [[5, 10], [10, 33], [5, 33]]),
      Sample(
        Self(epilogue: Epilogue(residual: true, mask: .values)), shapes: [[5, 10], [10, 33], [5, 33], [5, 33]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count < 2 { throw .operandCount(expected: 2 + epilogue.operandCount, found: operands.count) }
    try operands.expectFloat(0)
    try operands.expectFloat(1)
    try operands.expect(0, rank: 2...8)
    try operands.expect(1, rank: 2...2)
    let (dy, w) = (operands[0].shape, operands[1].shape)
    if dy[dy.count - 1] != w[0] {
      throw .dimensionMismatch(operand: 1, axis: 0, expected: dy[dy.count - 1], found: w[0])
    }
    let result = TensorType(.float32, dy.dropLast() + [w[1]])
    try operands.expectEpilogue(epilogue, from: 2, result: result, columns: w[1])
    return result
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (dy, w) = (operands[0], operands[1])
    let (outputs, inputs) = (w.shape[0], w.shape[1])
    var result = HostTensor(shape: dy.shape.dropLast() + [inputs])
    for row in 0..<(result.count / max(1, inputs)) {
      for input in 0..<inputs {
        var sum = 0.0
        for output in 0..<outputs { sum += dy.values[row * outputs + output] * w.values[output * inputs + input] }
        result.values[row * inputs + input] = sum
      }
    }
    return epilogue.reference(result, axis: result.rank - 1, operands: operands, from: 2)
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    epilogue.absorbing(consumer, at: position, columns: types.producerResult.rank - 1).map {
      Absorbed(op: Self(epilogue: $0.epilogue), appendedOperands: $0.appendedOperands)
    }
  }
}

extension LinearDataGradient: Executable {
  /// The result lies as the weight's inputs stand, if that makes rows of whole vectors.
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    var (place, order) = (Layout.matrix(result), Layout.InputOrder.plain)
    if case .linearPanels(order: .channelsLast(let channels, let height, let width)) = operands[1].layout {
      let flattened = Layout.flattenedChannelsLast(channels: channels, height: height, width: width)
      if result.rank == 2, flattened.hasWholeRows(result) {
        (place, order) = (flattened, .channelsLast(channels: channels, height: height, width: width))
      }
    }
    let others = [Layout](repeating: place, count: operands.count - 2)
    return LayoutDecision(operands: [operands[0].wholeRows, .linearPanels(order: order)] + others, result: place)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (dy, dx) = (site.operands[0], site.result)
    let shape = LinearShape(
      rows: dy.rows, inputs: dx.columns, outputs: dy.columns, inputRow: dx.rowStride, outputRow: dy.rowStride,
      unit: site.unit)
    return Lowering(
      shape.dataGradientCalls(
        epilogue, dy: .operand(0), weights: .operand(1), result: .result, epilogueOperands: site.operands(from: 2)))
  }
}
