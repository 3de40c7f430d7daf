import Graphs
import KernelContract

/// Rows of a table: table [V, D], index [N...] → [N..., D]. A number outside 0 ..< V gives a row that is not a number.
package struct Embedding: Op {
  package static let name = "embedding"

  package init() {}

  package static var samples: [Sample] {
    [([7, 5], [3]), ([37, 20], [2, 9]), ([10, 16], [4, 3]), ([3, 33], [2, 17])].map { table, ids in
      Sample(Self(), [(TensorType(.float32, table), .uniform(-1, 1)), (TensorType(.int32, ids), .integers(table[0]))])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...2)
    try operands.expect(1, element: .int32)
    try operands.expect(1, rank: 1...7)
    return TensorType(.float32, operands[1].shape + [operands[0].shape[1]])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let rows = adjoint.operandTypes[0].shape[0]
    return [try builder.emit(EmbeddingGradient(rows: rows), adjoint.operands[1], adjoint.gradient), nil]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (table, ids) = (operands[0], operands[1])
    let width = table.shape[1]
    var result = HostTensor(shape: ids.shape + [width], repeating: .nan)
    for (row, id) in ids.values.enumerated() where id >= 0 && Int(id) < table.shape[0] {
      for column in 0..<width { result.values[row * width + column] = table.values[Int(id) * width + column] }
    }
    return result
  }
}

extension Embedding: Executable {
  /// A table that also scores its rows lies as the weight of that product.
  package var indifferentOperands: [Int] { [0] }

  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].table, operands[1].tokens], result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = EmbeddingParameters(
      tokens: site.operands[1].tokenPlaces, table: site.operands[0].table, resultStride: site.result.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .operand(1), .result])])
  }
}

extension PlacedType {
  /// A table of rows as it lies, or as rows.
  var table: Layout { layout == .linearPanels(order: .plain) ? .linearPanels(order: .plain) : wholeRows }

  /// Whole numbers as they lie if in rows.
  var tokens: Layout { layout.map { $0.isRows ? $0 : .matrix(type) } ?? .matrix(type) }
}

extension LoweringSite.Tensor {
  var table: TableShape {
    TableShape(
      rows: type.shape[0], columns: type.shape[1], stride: layout.isRows ? rowStride : 0, isPanels: !layout.isRows)
  }

  var tokenPlaces: TokenPlaces {
    type.rank < 2
      ? TokenPlaces(count: type.count, width: type.count, stride: type.count)
      : TokenPlaces(count: type.count, width: columns, stride: rowStride)
  }
}
