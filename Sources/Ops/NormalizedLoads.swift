import Graphs
import KernelContract

/// The rewriting that leaves a batch normalisation to those who read it: the convolution behind it, the gradient of that one's weights, and
/// the mask of the ReLU between in the gradient of its data. They read what is normalised, and a scale and a shift of each channel.
package enum NormalizedLoads {
  /// The numbers that a tensor has at least: with smaller ones, which stay in the cores' own caches, the forward pass of a single picture
  /// took longer, because each block of outputs normalises them anew. Larger ones take no longer in training, and no memory.
  package static let leastFloats = 1 << 18

  /// A batch normalisation whose readers can do it themselves: what to compute instead. Where one cannot, or there is a second
  /// convolution, or fewer than `floats` numbers are normalised, the same op with the reason. Nil for other nodes.
  /// - Parameter users: those of the graph.
  package static func match(
    _ node: Int, in graph: Graph, users: [[Int]], floats: Int = leastFloats
  ) -> Rewriting? {
    let y = Value(id: node)
    guard let normalization = graph.nodes[node].op as? BatchNormalize else { return nil }
    let operands = graph.nodes[node].operands
    func alone(_ reason: String) -> Rewriting {
      var op = normalization
      op.reason = reason
      return Rewriting(added: [], origin: graph.nodes[node].origin, nodes: [(node, op, operands)])
    }
    if normalization.epilogue.residual { return alone("a residual joins it") }
    if graph.isOutput(y) { return alone("it is an output") }
    if graph.nodes[node].type.count < floats { return alone("fewer than \(floats) numbers") }
    let (x, mean, variance, gamma, beta) = (operands[0], operands[1], operands[2], operands[3], operands[4])
    let (scale, shift) = (Value(id: graph.nodes.count), Value(id: graph.nodes.count + 1))
    let loading: InputNormalization = normalization.epilogue.activation == .relu ? .rectified : .linear
    var changes: [Rewriting.Change] = []
    for user in users[node] {
      let change = change(of: user, reading: y, to: x, [scale, shift], loading, in: graph)
      guard let change else { return alone("\(graph.nodes[user].op?.name ?? "a variable") reads it") }
      changes.append(change)
    }
    guard changes.count(where: { $0.op is Conv2D || $0.op is Conv2DStatistics }) == 1 else {
      return alone("several convolutions read it")
    }
    return Rewriting(
      added: [
        (scaling(normalization.epsilon), [variance, gamma]), (shifting, [mean, scale, beta]),
      ], origin: graph.nodes[node].origin, nodes: changes)
  }

  /// `gamma / sqrt(variance + epsilon)` of variance and gamma.
  private static func scaling(_ epsilon: Double) -> ElementwiseChain {
    ElementwiseChain(
      [
        .init(Offset(amount: epsilon), [.operand(0)]), .init(SquareRoot(), [.step(0)]),
        .init(Divide(), [.operand(1), .step(1)]),
      ], operandCount: 2)
  }

  /// `beta - mean * scale` of mean, scale and beta.
  private static var shifting: ElementwiseChain {
    ElementwiseChain(
      [.init(Multiply(), [.operand(0), .operand(1)]), .init(Subtract(), [.operand(2), .step(0)])], operandCount: 3)
  }

  /// What a reader of `y` becomes that reads `x` and the vectors instead.
  private static func change(
    of node: Int, reading y: Value, to x: Value, _ vectors: [Value], _ loading: InputNormalization, in graph: Graph
  ) -> Rewriting.Change? {
    var operands = graph.nodes[node].operands
    guard operands.count(where: { $0 == y }) == 1, let place = operands.firstIndex(of: y) else { return nil }
    operands[place] = x
    func normalizes(_ convolution: Conv2D, w: [Int]) -> Bool {
      place == 0 && convolution.normalization == .none && convolution.normalizesInput(x: graph[x].type.shape, w: w)
    }
    switch graph.nodes[node].op {
    case var op as Conv2D where normalizes(op, w: graph[operands[1]].type.shape):
      op.normalization = loading
      return (node, op, operands + vectors)
    case var op as Conv2DStatistics where normalizes(op.convolution, w: graph[operands[1]].type.shape):
      op.convolution.normalization = loading
      return (node, op, operands + vectors)
    case var op as Conv2DWeightGradient where normalizes(op.forward, w: op.weightShape):
      op.forward.normalization = loading
      operands.insert(contentsOf: vectors, at: 2)
      return (node, op, operands)
    case var op as Conv2DDataGradient where masks(op, at: place, graph[operands[1]].type.shape):
      op.epilogue.mask = .normalizedValues
      return (node, op, operands + vectors)
    case var op as Conv2DDataGradientSums where masks(op.gradient, at: place, graph[operands[1]].type.shape):
      op.gradient.epilogue.mask = .normalizedValues
      operands.insert(contentsOf: vectors, at: place + 1)
      return (node, op, operands)
    default: return nil
    }
  }

  /// Whether the operand at `place` is the mask of a gradient that can take what is normalised for it.
  private static func masks(_ gradient: Conv2DDataGradient, at place: Int, _ w: [Int]) -> Bool {
    gradient.epilogue.mask == .values && place == 1 + gradient.epilogue.operandCount
      && gradient.forward.takesSums(x: gradient.inputShape, w: w, isGradient: true)
  }
}
