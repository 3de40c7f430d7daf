import Graphs
import KernelContract

/// Zeroes elements at random and divides the others by `1 - probability`: x, step (scalar index) → x's type. What is kept
/// depends on the seed, the step, the identifier and an element's logical position alone.
package struct Dropout: Op {
  package static let name = "dropout"
  package var probability: Double
  package var seed: UInt64
  /// Tells the dropouts of one net apart.
  package var identifier: Int

  package init(probability: Double, seed: UInt64, identifier: Int) {
    self.probability = probability
    self.seed = seed
    self.identifier = identifier
  }

  package static var samples: [Sample] {
    [[5, 37], [2, 19, 3, 4], [2, 3, 5, 4], [2, 3, 16], [21]].map { shape in
      Sample(
        Self(probability: 0.3, seed: 11, identifier: 2),
        [(TensorType(.float32, shape), .uniform(-1, 1)), (TensorType(.int32, []), .integersFrom(1, 9))])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(1, element: .int32)
    try operands.expectExtents(1, [])
    if !(0..<1).contains(probability) {
      throw .attribute(name: "probability", reason: "\(probability) is not at least 0 and less than 1")
    }
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(self, adjoint.gradient, adjoint.operands[1]), nil]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let step = Int32(operands[1].values[0])
    var result = operands[0]
    for position in result.values.indices {
      let isKept = key.keeps(position: position, step: step)
      result.values[position] = isKept ? result.values[position] / (1 - probability) : 0
    }
    return result
  }

  private var key: DropoutKey { DropoutKey(probability: probability, seed: seed, identifier: identifier) }
}

extension Dropout: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].layout.flatMap { $0.rowStride(result) == nil ? nil : $0 } ?? .computed(result)
    return LayoutDecision(operands: [layout, .computed(operands[1].type)], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    let parameters: DropoutParameters
    switch x.layout {
    case .flattenedChannelsLast(let channels, let height, let width):
      parameters = DropoutParameters(
        images: x.type.shape[0], pixels: height * width, channels: channels, stride: channels, key: key)
    case .channelsLast(let stride):
      parameters = DropoutParameters(
        images: x.type.shape[0], pixels: x.type.shape[2] * x.type.shape[3], channels: x.columns, stride: stride,
        key: key)
    default:
      let columns = x.type.rank < 2 ? x.type.count : x.columns
      parameters = DropoutParameters(
        images: x.type.count / max(1, columns), pixels: 1, channels: columns, stride: x.rowStride, key: key)
    }
    return Lowering(
      calls: [KernelCall(parameters, operands: [.operand(0), .operand(1), .result])], mayOverwrite: [0])
  }
}
