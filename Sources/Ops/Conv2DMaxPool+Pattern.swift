import Graphs
import KernelContract

extension Conv2DMaxPool {
  /// Finds what a node that pools by disjoint 2x2 windows pools; nil unless it is a convolution. Where something else reads that, or the
  /// gradient, than gradients of it and what adds it up, the same op with the reason. Each of the three is computed by the algorithm that is
  /// chosen for it. A direct one has items of whole vectors and is neither depthwise nor the product of a matrix; see
  /// `Conv2DShape.takesPooling`.
  /// - Parameter users: those of the graph.
  package static func match(_ node: Int, in graph: Graph, users: [[Int]]) -> Rewriting? {
    guard let pool = graph.nodes[node].op as? MaxPool2D, let convolution = graph.nodes[node].operands.first,
      let forward = graph[convolution].op as? Conv2D
    else { return nil }
    func alone(_ reason: String) -> Rewriting {
      let op = MaxPool2D(window: pool.window, reason: reason)
      return Rewriting(added: [], origin: graph.nodes[node].origin, nodes: [(node, op, [convolution])])
    }
    if forward.epilogue.residual { return alone("a residual joins the convolution") }
    if graph.isOutput(convolution) { return alone("the convolution is an output") }
    let y = graph[convolution].type
    let maxima = graph.nodes[node].type.shape
    // A window that sticks out counts where sizes are rounded up.
    guard pool.window.kernel == window.kernel, pool.window.stride == window.stride, pool.window.padding == [0, 0],
      maxima == [y.shape[0], y.shape[1], y.shape[2] / 2, y.shape[3] / 2]
    else { return alone("windows that are not 2x2, or not disjoint") }
    guard forward.epilogue.mask == .none, forward.normalization == .none,
      let choice = choice(forward, graph[convolution].operands.map { graph[$0] }, .forward)
    else { return alone("the convolution's kernel knows no windows") }
    var op = Self(forward: forward, transform: choice.transform, recordsPlaces: false)
    let list = Value(id: graph.nodes.count)
    var changes: [Rewriting.Change] = [(node, Unpack(start: 0, shape: maxima), [list])]
    let others = users[convolution.id].filter { $0 != node }
    if let gradient = others.first {
      guard others.count == 1, graph.nodes[gradient].op is MaxPool2DGradient, !graph.isOutput(Value(id: gradient)),
        graph.nodes[gradient].operands.dropFirst() == [convolution, Value(id: node)]
      else { return alone("something else reads the convolution") }
      op.recordsPlaces = true
      for user in users[gradient] {
        guard let change = change(user, of: gradient, list, graph) else {
          return alone("\(graph.nodes[user].op?.name ?? "a variable") reads its gradient")
        }
        changes.append(change)
      }
    }
    return Rewriting(op: op, operands: graph[convolution].operands, origin: graph[convolution].origin, nodes: changes)
  }

  /// What a reader of the pooling's gradient becomes: what does the same with the gradient of the maxima and the list with their places.
  private static func change(_ node: Int, of gradient: Int, _ list: Value, _ graph: Graph) -> Rewriting.Change? {
    let operands = graph.nodes[node].operands
    let maxima = graph.nodes[gradient].operands[0]
    guard operands.count(where: { $0.id == gradient }) == 1 else { return nil }
    switch graph.nodes[node].op {
    case let op as Conv2DDataGradient where operands[0].id == gradient:
      let x = Node(kind: .constant(0), operands: [], type: graph.nodes[node].type, origin: graph.nodes[node].origin)
      guard let choice = choice(op.forward, [x, graph[operands[1]]], .dataGradient) else { return nil }
      let fused = Conv2DMaxPoolDataGradient(
        forward: op.forward, inputShape: op.inputShape, transform: choice.transform, epilogue: op.epilogue)
      return (node, fused, [maxima, list] + operands.dropFirst())
    case let op as Conv2DWeightGradient where operands[1].id == gradient:
      let weight = TensorType(.float32, op.weightShape)
      let w = Node(kind: .constant(0), operands: [], type: weight, origin: graph.nodes[node].origin)
      guard let choice = choice(op.forward, [graph[operands[0]], w], .weightGradient) else { return nil }
      let fused = Conv2DMaxPoolWeightGradient(
        forward: op.forward, weightShape: op.weightShape, transform: choice.transform, update: op.update)
      return (node, fused, [operands[0], maxima, list] + operands.dropFirst(2))
    case let op as SumExcept where op.axis == 1 && operands[0].id == gradient:
      // Each number of the maxima's gradient has one place.
      return (node, op, [maxima] + operands.dropFirst())
    default: return nil
    }
  }

  /// The algorithm that is chosen for a pass of a convolution of `x` and `w`; nil where it is the direct one and that cannot do it.
  private static func choice(
    _ forward: Conv2D, _ operands: [Node], _ pass: ConvolutionChoice.Pass
  ) -> ConvolutionChoice? {
    let (x, w) = (operands[0].type, operands[1].type.shape)
    // A narrow image that is given stays as it is, for a convolution that takes it so.
    let isGiven = if case .feed = operands[0].kind { true } else { false }
    let inputPixel = (isGiven ? Layout.given(x) : .computed(x)).rowStride(x) ?? 0
    let shape = forward.kernelShape(x: x.shape, w: w, inputPixel: inputPixel, outputPixel: Layout.rounded(w[0]))
    let choice = ConvolutionChoice(shape, pass, isPrecise: forward.isPrecise)
    let isPossible = choice.transform != nil || shape.takesPooling(isGradient: pass == .dataGradient)
    return isPossible ? choice : nil
  }

  /// Throws unless operands `position` and `position + 1` are the gradient of the maxima of a convolution's result and the list of both.
  static func expectGradient(_ operands: [TensorType], at position: Int, of y: TensorType) throws(ShapeError) {
    let maxima = try window.resultType(y)
    try operands.expect(position, shape: maxima.shape)
    try operands.expect(position + 1, shape: [2 * maxima.count])
  }

  /// A sample whose operands are those of the shapes `before`, the gradient of the maxima and their list, and those of `after`.
  static func gradientSample(
    _ op: any Op, _ forward: Conv2D, x: [Int], w: [Int], before: [[Int]], after: [[Int]]
  ) -> Sample? {
    guard let y = try? forward.resultType([x, w].map { TensorType(.float32, $0) }),
      let maxima = try? window.resultType(y)
    else { return nil }
    func uniform(_ shape: [Int]) -> (type: TensorType, content: Sample.Content) {
      (TensorType(.float32, shape), .uniform(-1, 1))
    }
    let list = (type: TensorType(.float32, [2 * maxima.count]), content: Sample.Content.integers(4))
    return Sample(op, before.map(uniform) + [uniform(maxima.shape), list] + after.map(uniform))
  }
}

extension Conv2D {
  /// What a plan says of a gradient that reads that of maxima.
  func spreadNote(_ shape: Conv2DShape, _ pass: ConvolutionChoice.Pass) -> String {
    note(
      ConvolutionChoice(shape, pass, isPrecise: isPrecise), shape,
      adding: ", which puts the gradient of maxima in their places as it reads")
  }
}
