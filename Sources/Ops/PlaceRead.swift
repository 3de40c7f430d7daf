import Graphs
import KernelContract

/// One place of a sequence: x [A, T, D], place (scalar index) → [A, 1, D]. A number that is no place gives the nearest one.
package struct PlaceRead: NotDifferentiable {
  package static let name = "place_read"

  package init() {}

  package static var samples: [Sample] {
    [[1, 5, 7], [3, 4, 16], [2, 9, 37]].map { shape in
      Sample(
        Self(), [(TensorType(.float32, shape), .uniform(-1, 1)), (TensorType(.int32, []), .integers(shape[1]))],
        checksGradient: false)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 3...3)
    try operands.expectPlace(1)
    return TensorType(.float32, [operands[0].shape[0], 1, operands[0].shape[2]])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (examples, places, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    var result = HostTensor(shape: [examples, 1, width])
    for example in 0..<examples {
      let start = (example * places + operands[1].place(below: places)) * width
      for column in 0..<width { result.values[example * width + column] = operands[0].values[start + column] }
    }
    return result
  }
}

extension PlaceRead: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].wholeRows, .computed(operands[1].type)], result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = PlaceCopyParameters(
      sequences: site.operands[0], one: site.result, isWrite: false)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result, .operand(1)])])
  }
}

extension [TensorType] {
  /// A scalar index that says which place of a sequence is meant.
  func expectPlace(_ operand: Int) throws(ShapeError) {
    try expect(operand, element: .int32)
    try expectExtents(operand, [])
  }
}

extension HostTensor {
  /// The place that a scalar names, of so many.
  func place(below places: Int) -> Int { max(0, min(places - 1, Int(values[0]))) }
}

extension PlaceCopyParameters {
  init(sequences: LoweringSite.Tensor, one: LoweringSite.Tensor, isWrite: Bool) {
    self.init(
      rows: sequences.type.shape[0], places: sequences.type.shape[1], columns: sequences.columns,
      sequenceStride: sequences.rowStride, oneStride: one.rowStride, isWrite: isWrite)
  }
}
