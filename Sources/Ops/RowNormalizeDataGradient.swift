import Graphs
import KernelContract

/// The gradient of `RowNormalize` for x, of dy, x and the weight. With n the normalised row, r its factor and g = dy * weight,
/// `r (g - mean(g * n) n)`, less `r mean(g)` where the row is centred.
package struct RowNormalizeDataGradient: NotDifferentiable {
  package static let name = "row_normalize_data_gradient"
  package var isCentered: Bool
  package var epsilon: Double

  package init(isCentered: Bool, epsilon: Double) {
    self.isCentered = isCentered
    self.epsilon = epsilon
  }

  package static var samples: [Sample] {
    rowNormalizeSamples.map { op, shape in
      Sample(
        Self(isCentered: op.isCentered, epsilon: op.epsilon), shapes: [shape, shape, [shape[shape.count - 1]]])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(3)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...8)
    try operands.expect(1, shape: operands[0].shape)
    try operands.expect(2, shape: [operands[0].shape[operands[0].rank - 1]])
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (dy, weight) = (operands[0], operands[2])
    let (rows, factors) = normalizedRows(operands[1], isCentered: isCentered, epsilon: epsilon)
    var result = dy
    for (row, values) in rows.enumerated() {
      let width = values.count
      let g = (0..<width).map { dy.values[row * width + $0] * weight.values[$0] }
      let projection = zip(g, values).reduce(0) { $0 + $1.0 * $1.1 } / Double(width)
      let mean = isCentered ? g.reduce(0, +) / Double(width) : 0
      for column in 0..<width {
        result.values[row * width + column] = factors[row] * (g[column] - mean - projection * values[column])
      }
    }
    return result
  }
}

extension RowNormalizeDataGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[1].wholeRows
    return LayoutDecision(operands: [layout, layout, .computed(operands[2].type)], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = site.operands[1].normalization(.dataGradient, isCentered: isCentered, epsilon: epsilon)
    return Lowering(
      calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])], mayOverwrite: [0, 1])
  }
}
