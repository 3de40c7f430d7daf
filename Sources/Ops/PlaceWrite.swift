import Graphs
import KernelContract

/// Puts one place into sequences that are a variable: memory [N, T, D], x [N, 1, D], place (scalar index) → the memory. A number that
/// is no place means the nearest one.
package struct PlaceWrite: NotDifferentiable {
  package static let name = "place_write"

  package init() {}

  package static var samples: [Sample] {
    [[1, 5, 7], [3, 4, 16], [2, 9, 37]].map { shape in
      Sample(
        Self(),
        [
          (TensorType(.float32, shape), .uniform(-1, 1)),
          (TensorType(.float32, [shape[0], 1, shape[2]]), .uniform(-1, 1)),
          (TensorType(.int32, []), .integers(shape[1])),
        ], checksGradient: false)
    }
  }

  package var mutatedOperands: [Int] { [0] }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(3)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 3...3)
    try operands.expect(1, shape: [operands[0].shape[0], 1, operands[0].shape[2]])
    try operands.expectPlace(2)
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    let (examples, places, width) = (result.shape[0], result.shape[1], result.shape[2])
    for example in 0..<examples {
      let start = (example * places + operands[2].place(below: places)) * width
      for column in 0..<width { result.values[start + column] = operands[1].values[example * width + column] }
    }
    return result
  }
}

extension PlaceWrite: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].wholeRows
    return LayoutDecision(
      operands: [layout, operands[1].wholeRows, .computed(operands[2].type)], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = PlaceCopyParameters(sequences: site.operands[0], one: site.operands[1], isWrite: true)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .operand(1), .operand(2)])])
  }
}
