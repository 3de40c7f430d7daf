import Graphs
import KernelContract

/// `gamma * (x - mean) / sqrt(variance + epsilon) + beta`: x [N, C, ...], then mean, variance, gamma and beta [C] → x's
/// type; then the epilogue (no bias), whose operands follow.
///
/// The gradient takes mean and variance for the statistics of x itself, as in training.
package struct BatchNormalize: Op {
  package static let name = "batch_normalize"
  package var epsilon: Double
  package var epilogue: Epilogue
  /// Why what reads the result does not compute it; see `NormalizedLoads`.
  package var reason: String

  package init(epsilon: Double, epilogue: Epilogue = Epilogue(), reason: String = "") {
    self.epsilon = epsilon
    self.epilogue = epilogue
    self.reason = reason
  }

  package static var samples: [Sample] {
    let epilogues = [Epilogue(), Epilogue(activation: .relu), Epilogue(residual: true, activation: .relu)]
    return batchSampleShapes.flatMap { shape in
      epilogues.map { epilogue in
        let residuals = [(type: TensorType, content: Sample.Content)](
          repeating: (TensorType(.float32, shape), .uniform(-1, 1)), count: epilogue.operandCount)
        return Sample(
          Self(epsilon: 1e-5, epilogue: epilogue), batchSampleOperands(shape) + residuals, checksGradient: false)
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if epilogue.bias || epilogue.mask != .none {
      throw .attribute(name: "epilogue", reason: "there is no bias and no mask")
    }
    try operands.expectCount(5 + epilogue.operandCount)
    let channels = try operands.channelType().shape[0]
    try operands.expectChannels(1..<5, channels)
    try operands.expectEpilogue(epilogue, from: 5, result: operands[0], columns: channels)
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    // Fusion, which fills in epilogues, comes after differentiation.
    guard epilogue.isEmpty else { throw .notDifferentiable(op: name) }
    let (dy, x) = (adjoint.gradient, adjoint.operands[0])
    let (mean, variance, gamma) = (adjoint.operands[1], adjoint.operands[2], adjoint.operands[3])
    let sums = try builder.emit(BatchNormalizeGradientSums(epsilon: epsilon), dy, x, mean, variance)
    let data = BatchNormalizeDataGradient(epsilon: epsilon)
    return [
      adjoint.needed[0] ? try builder.emit(data, dy, x, mean, variance, gamma, sums) : nil,
      nil, nil,
      adjoint.needed[3] ? try builder.emit(SelectRow(row: 1), sums) : nil,
      adjoint.needed[4] ? try builder.emit(SelectRow(row: 0), sums) : nil,
    ]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    let (_, channels, inner) = result.around(1)
    for index in result.values.indices {
      let channel = index / inner % channels
      let scale = operands[3].values[channel] / (operands[2].values[channel] + epsilon).squareRoot()
      result.values[index] = (result.values[index] - operands[1].values[channel]) * scale + operands[4].values[channel]
    }
    return epilogue.reference(result, axis: 1, operands: operands, from: 5)
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    guard let absorbed = epilogue.absorbing(consumer, at: position, columns: 1),
      !absorbed.epilogue.bias, absorbed.epilogue.mask == .none, [.none, .relu].contains(absorbed.epilogue.activation)
    else { return nil }
    return Absorbed(
      op: Self(epsilon: epsilon, epilogue: absorbed.epilogue), appendedOperands: absorbed.appendedOperands)
  }
}

extension BatchNormalize: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].channelRows
    let layouts = operands.indices.map { $0 == 0 || $0 == 5 ? layout : .computed(operands[$0].type) }
    return LayoutDecision(operands: layouts, result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = try site.operands[0].channelRows(for: name)
    let parameters = BatchNormalization(
      rows: x.rows, channels: x.columns, rowStride: x.rowStride, epsilon: epsilon, hasResidual: epilogue.residual,
      hasReLU: epilogue.activation == .relu)
    return Lowering(
      calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])],
      mayOverwrite: epilogue.residual ? [0, 5] : [0], note: reason.isEmpty ? "" : "a pass of its own: \(reason)")
  }
}

/// x, mean, variance, gamma and beta of a sample.
func batchSampleOperands(_ shape: [Int]) -> [(type: TensorType, content: Sample.Content)] {
  let channels = TensorType(.float32, [shape[1]])
  return [
    (TensorType(.float32, shape), .uniform(-1, 1)), (channels, .uniform(-1, 1)), (channels, .uniform(0.1, 1)),
    (channels, .uniform(0.5, 2)), (channels, .uniform(-1, 1)),
  ]
}
