import Graphs
import KernelContract

/// The gradient of a convolution's data that a batch normalisation's gradient reads, with the sums that this takes of it, taken while it
/// is in the cache: the operands of `Conv2DDataGradient`, then x, mean and variance → its result dy, then the sums [2, C], one behind the
/// other as one axis. See `BatchNormalizeGradientSums` and `Unpack`.
package struct Conv2DDataGradientSums: NotDifferentiable {
  package static let name = "conv2d_data_gradient_sums"
  package var gradient: Conv2DDataGradient
  package var epsilon: Double

  package init(gradient: Conv2DDataGradient, epsilon: Double) {
    self.gradient = gradient
    self.epsilon = epsilon
  }

  package static var samples: [Sample] {
    Conv2DDataGradient.samples.compactMap { sample in
      guard let gradient = sample.op as? Conv2DDataGradient,
        gradient.forward.takesSums(x: gradient.inputShape, w: sample.operands[1].type.shape, isGradient: true)
      else { return nil }
      return Sample(
        Self(gradient: gradient, epsilon: 1e-5), sample.operands + batchSampleOperands(gradient.inputShape).prefix(3))
    }
  }

  /// How many operands are those of the gradient.
  private var operandCount: Int { 2 + gradient.epilogue.operandCount }
  private var shapes: [[Int]] { [gradient.inputShape, [2, gradient.inputShape[1]]] }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(operandCount + 3)
    let dy = try gradient.resultType(Array(operands[..<operandCount]))
    try operands.expect(operandCount, shape: dy.shape)
    try operands.expectChannels(operandCount + 1..<operandCount + 3, dy.shape[1])
    return try TensorType.list(shapes)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let dy = gradient.reference(Array(operands[..<operandCount]))
    let sums = BatchNormalizeGradientSums(epsilon: epsilon).reference([dy] + operands[operandCount...])
    let values = dy.values + sums.values
    return HostTensor(shape: [values.count], values: values)
  }
}

extension Conv2DDataGradientSums {
  /// The numbers that a result has at least: smaller ones are still in a cache when a kernel of its own reads them for their sums, which
  /// then takes no longer than fetching x does here.
  package static let leastFloats = 2 << 20

  /// The gradient of a convolution's data that a node takes the sums of: what to compute instead. Nil where there is none, or its kernels
  /// take no sums, or it has less than `floats` numbers.
  package static func match(_ node: Int, in graph: Graph, users: [[Int]], floats: Int = leastFloats) -> Rewriting? {
    guard let sums = graph.nodes[node].op as? BatchNormalizeGradientSums else { return nil }
    let dy = graph.nodes[node].operands[0]
    if graph[dy].type.count < floats { return nil }
    let others = graph.nodes[node].operands.dropFirst()
    let operands = graph[dy].operands
    guard let gradient = graph[dy].op as? Conv2DDataGradient, others.allSatisfy({ $0.id < dy.id }),
      gradient.forward.takesSums(x: gradient.inputShape, w: graph[operands[1]].type.shape, isGradient: true)
    else { return nil }
    let op = Self(gradient: gradient, epsilon: sums.epsilon)
    return Rewriting(
      graph, op: op, operands: operands + others, origin: graph[dy].origin,
      parts: Array(zip([dy.id, node], Unpack.list(op.shapes))))
  }
}

extension Conv2DDataGradientSums: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let dy = TensorType(.float32, gradient.inputShape)
    let own = gradient.layouts(Array(operands[..<operandCount]), result: dy)
    let parts = [Layout.Part(shape: dy.shape, layout: own.result), .init(shape: shapes[1], layout: .computed(sumType))]
    let others = operands[(operandCount + 1)...].map { Layout.computed($0.type) }
    return LayoutDecision(operands: own.operands + [own.result] + others, result: .parts(parts))
  }

  private var sumType: TensorType { TensorType(.float32, shapes[1]) }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    guard case .parts(let parts) = site.result.layout else {
      throw .noKernel(op: name, reason: "the result is no list of parts")
    }
    let dy = LoweringSite.Tensor(type: parts[0].type, layout: parts[0].layout)
    let shape = gradient.forward.kernelShape(
      x: gradient.inputShape, w: site.operands[1].type.shape, inputPixel: dy.rowStride,
      outputPixel: site.operands[0].rowStride)
    let (pass, reason) = gradient.forward.passCalls(
      shape, isGradient: true, gradient.epilogue, sums: .gradient,
      epilogueOperands: (2..<operandCount).map { .operand($0) })
    let calls = pass.summing(
      dy.type.count / dy.type.shape[1], operands: [.operand(operandCount), .operand(operandCount + 1)],
      results: [.operand(operandCount + 2), .resultPart(byteOffset: 4 * parts[0].size)],
      resultStride: LoweringSite.Tensor(type: sumType, layout: parts[1].layout).rowStride, epsilon: epsilon)
    guard let calls else { throw .noKernel(op: name, reason: "its kernel takes no sums") }
    return Lowering(calls, note: reason)
  }
}
