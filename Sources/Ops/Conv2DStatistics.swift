import Graphs
import KernelContract

/// A convolution with the statistics of its result, whose sums are taken while that is in the cache: the operands of `Conv2D` → its
/// result, then the mean and the biased variance of each of its channels, one behind the other as one axis. See `BatchStatistics` and
/// `Unpack`.
package struct Conv2DStatistics: NotDifferentiable {
  package static let name = "conv2d_statistics"
  package var convolution: Conv2D

  package init(convolution: Conv2D) { self.convolution = convolution }

  package static var samples: [Sample] {
    Conv2D.samples.compactMap { sample in
      guard let convolution = sample.op as? Conv2D,
        convolution.takesSums(x: sample.operands[0].type.shape, w: sample.operands[1].type.shape, isGradient: false)
      else { return nil }
      return Sample(Self(convolution: convolution), sample.operands)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try TensorType.list(Self.shapes(convolution.resultType(operands)))
  }

  private static func shapes(_ y: TensorType) -> [[Int]] { [y.shape, [y.shape[1]], [y.shape[1]]] }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let y = convolution.reference(operands)
    let values = y.values + BatchStatistics().reference([y]).values
    return HostTensor(shape: [values.count], values: values)
  }
}

extension Conv2DStatistics {
  /// The convolution whose result a node takes the statistics of: what to compute instead. Nil where there is none, or its kernels take
  /// no sums.
  /// - Parameter users: those of the graph.
  package static func match(_ node: Int, in graph: Graph, users: [[Int]]) -> Rewriting? {
    guard graph.nodes[node].op is BatchStatistics, !graph.isOutput(Value(id: node)) else { return nil }
    let y = graph.nodes[node].operands[0]
    let operands = graph[y].operands
    guard let convolution = graph[y].op as? Conv2D,
      convolution.takesSums(x: graph[operands[0]].type.shape, w: graph[operands[1]].type.shape, isGradient: false)
    else { return nil }
    let parts = Unpack.list(shapes(graph[y].type))
    var nodes = [(node: y.id, part: parts[0])]
    for user in users[node] {
      guard let row = graph.nodes[user].op as? SelectRow else { return nil }
      nodes.append((user, parts[1 + row.row]))
    }
    return Rewriting(
      graph, op: Self(convolution: convolution), operands: operands, origin: graph[y].origin, parts: nodes)
  }
}

extension Conv2DStatistics: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    guard let y = try? convolution.resultType(operands.map(\.type)) else {
      return LayoutDecision(operands: operands.map { .computed($0.type) }, result: .computed(result))
    }
    let own = convolution.layouts(operands, result: y)
    let channels = TensorType(.float32, [y.shape[1]])
    return LayoutDecision(
      operands: own.operands,
      result: .parts([
        .init(shape: y.shape, layout: own.result), .init(shape: channels.shape, layout: .computed(channels)),
        .init(shape: channels.shape, layout: .computed(channels)),
      ]))
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    convolution.acceptsBytes(layout, at: position, operands)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    guard case .parts(let parts) = site.result.layout else {
      throw .noKernel(op: name, reason: "the result is no list of parts")
    }
    let y = LoweringSite.Tensor(type: parts[0].type, layout: parts[0].layout)
    let shape = convolution.kernelShape(
      x: site.operands[0], w: site.operands[1].type.shape, outputPixel: y.rowStride)
    let (pass, reason) = convolution.passCalls(
      shape, isGradient: false, convolution.epilogue, sums: .statistics, epilogueOperands: site.operands(from: 2))
    let mean = 4 * parts[0].size
    let calls = pass.summing(
      y.type.count / y.type.shape[1], operands: [],
      results: [.resultPart(byteOffset: mean), .resultPart(byteOffset: mean + 4 * parts[1].size)])
    guard let calls else { throw .noKernel(op: name, reason: "its kernel takes no sums") }
    return Lowering(calls, note: reason)
  }
}
