import Graphs
import KernelContract

/// A gradient of a table with that of an `Embedding` added: index [N...], dy [N..., D], base [V, D] → base's type.
package struct EmbeddingAddition: NotDifferentiable {
  package static let name = "embedding_addition"

  package init() {}

  package static var samples: [Sample] {
    [(7, 5, [2, 9]), (37, 20, [6]), (32, 16, [4, 3])].map { rows, width, ids in
      Sample(
        Self(),
        [
          (TensorType(.int32, ids), .integers(rows)), (TensorType(.float32, ids + [width]), .uniform(-1, 1)),
          (TensorType(.float32, [rows, width]), .uniform(-1, 1)),
        ])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(3)
    try operands.expectFloat(2)
    try operands.expect(2, rank: 2...2)
    let gradient = try EmbeddingGradient(rows: operands[2].shape[0]).gradientType(operands)
    try operands.expect(2, shape: gradient.shape)
    return gradient
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let gradient = EmbeddingGradient(rows: operands[2].shape[0]).gradientReference(operands)
    return operands[2].zip(gradient, +)
  }
}

extension EmbeddingAddition: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let table = operands[2].table
    return LayoutDecision(operands: [operands[0].tokens, operands[1].wholeRows, table], result: table)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = EmbeddingGradientParameters(
      table: site.result.table, gradientStride: site.operands[1].rowStride, update: .none, hasBase: true)
    let calls = parameters.calls(tokens: site.operands[0].tokenPlaces, destination: [.operand(2), .result])
    return Lowering(calls, mayOverwrite: [2])
  }
}
