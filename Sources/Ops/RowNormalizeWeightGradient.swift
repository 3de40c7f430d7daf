import Graphs
import KernelContract

/// The gradient of `RowNormalize` for its weight: of dy and x [..., D], the sums over all rows of dy times the normalised row, [D].
package struct RowNormalizeWeightGradient: UpdatingOp {
  package static let name = "row_normalize_weight_gradient"
  package var ownOperandCount: Int { 2 }
  package var isCentered: Bool
  package var epsilon: Double
  package var update: OptimizerUpdate

  package init(isCentered: Bool, epsilon: Double, update: OptimizerUpdate = .none) {
    self.isCentered = isCentered
    self.epsilon = epsilon
    self.update = update
  }

  package static var samples: [Sample] {
    rowNormalizeSamples.map { op, shape in
      Sample(Self(isCentered: op.isCentered, epsilon: op.epsilon), shapes: [shape, shape], checksGradient: false)
    } + samples(Self(isCentered: false, epsilon: 1e-6), shapes: [[70, 33], [70, 33]], weight: [33])
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...8)
    try operands.expect(1, shape: operands[0].shape)
    return TensorType(.float32, [operands[0].shape[operands[0].rank - 1]])
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let dy = operands[0]
    var result = HostTensor(shape: [dy.shape[dy.rank - 1]])
    for (row, values) in normalizedRows(operands[1], isCentered: isCentered, epsilon: epsilon).rows.enumerated() {
      for (column, value) in values.enumerated() {
        result.values[column] += dy.values[row * values.count + column] * value
      }
    }
    return result
  }
}

extension RowNormalizeWeightGradient {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[1].wholeRows
    let weight = Layout.computed(result)
    return LayoutDecision(operands: [layout, layout] + updateLayouts(operands, weight: weight), result: weight)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = site.operands[1].normalization(.weightGradient, isCentered: isCentered, epsilon: epsilon)
    return Lowering(parameters.weightCalls(update, destination: site.destination(update, from: 2)))
  }
}
