import Graphs
import KernelContract

/// The gradient of `Linear` for its weight, `dyᵀ · x` over all rows: x [..., K], dy [..., OUT] → [OUT, K].
package struct LinearWeightGradient: UpdatingOp {
  package static let name = "linear_weight_gradient"
  package var ownOperandCount: Int { 2 }
  package var update: OptimizerUpdate

  package init(update: OptimizerUpdate = .none) { self.update = update }

  package static var samples: [Sample] {
    samples(Self(), shapes: [[5, 7], [5, 3]], weight: [3, 7])
      + samples(Self(), shapes: [[13, 20], [13, 37]], weight: [37, 20])
      + samples(Self(), shapes: [[2, 3, 17], [2, 3, 16]], weight: [16, 17])
      + [Sample(Self(), shapes: [[2, 3, 4, 18], [2, 3, 4, 5]])]
      + [Sample(Self(), shapes: [[1, 33], [1, 10]]), Sample(Self(), shapes: [[300, 40], [300, 10]])]
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectFloat(0)
    try operands.expectFloat(1)
    try operands.expect(0, rank: 2...8)
    let (x, dy) = (operands[0].shape, operands[1].shape)
    try operands.expect(1, rank: x.count...x.count)
    try operands.expectExtents(1, x.dropLast() + [dy[dy.count - 1]])
    return TensorType(.float32, [dy[dy.count - 1], x[x.count - 1]])
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let (x, dy) = (operands[0], operands[1])
    let (inputs, outputs) = (x.shape[x.rank - 1], dy.shape[dy.rank - 1])
    var result = HostTensor(shape: [outputs, inputs])
    for row in 0..<(x.count / max(1, inputs)) {
      for output in 0..<outputs {
        for input in 0..<inputs {
          result.values[output * inputs + input] += dy.values[row * outputs + output] * x.values[row * inputs + input]
        }
      }
    }
    return result
  }
}

extension LinearWeightGradient {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let (x, order) = PlacedType.linear(input: operands[0], weight: operands.count > 2 ? operands[2] : nil)
    let weight = Layout.linearPanels(order: order)
    return LayoutDecision(
      operands: [x, operands[1].wholeRows] + updateLayouts(operands, weight: weight), result: weight)
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    guard case .bytes = layout else { return false }
    return position == 0 && LinearShape.isWorthBytes(operands[0].shape)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (x, dy) = (site.operands[0], site.operands[1])
    let shape = LinearShape(
      rows: x.rows, inputs: x.columns, outputs: dy.columns, inputRow: x.rowStride, outputRow: dy.rowStride,
      byteScale: x.byteScale, unit: site.unit)
    return Lowering(
      shape.weightGradientCalls(
        update, x: .operand(0), dy: .operand(1), destination: site.destination(update, from: 2)))
  }
}
