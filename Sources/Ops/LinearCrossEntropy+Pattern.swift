import Graphs

extension LinearCrossEntropy {
  /// The floats of scores that a block has at most: 32 MB.
  package static let blockFloats = 8 << 20

  /// Finds what a cross-entropy node is the loss of, where all its scores together have more than `floats` numbers; nil where there is no
  /// such layer, or something else reads its scores.
  /// - Parameter users: those of the graph.
  package static func match(_ node: Int, in graph: Graph, users: [[Int]], floats: Int = blockFloats) -> Rewriting? {
    guard let loss = graph.nodes[node].op as? SoftmaxCrossEntropy, !loss.hasWeights else { return nil }
    let (scores, target) = (graph.nodes[node].operands[0], graph.nodes[node].operands[1])
    let type = graph[scores].type
    guard type.count > floats, let classes = type.shape.last, classes > 0,
      let layer = Layer(scores, in: graph, users: users)
    else { return nil }
    let rows = type.count / classes
    let blocks = max(1, min(rows / 64, (type.count + floats - 1) / floats))
    var readers = Readers(loss: loss, target: target, scores: scores)
    for user in users[scores.id] {
      if !readers.take(user, graph) { return nil }
    }
    // The first of equal ones stands for all.
    guard readers.losses.first == node else { return nil }
    var op = LinearCrossEntropy(
      smoothing: loss.smoothing, ignore: loss.ignore, hasBias: layer.bias != nil,
      blockRows: max(1, (rows + blocks - 1) / blocks))
    var operands = [layer.input, layer.weight] + (layer.bias.map { [$0] } ?? []) + [target]
    var gradients: (weight: Int?, bias: Int?, input: Int?) = (nil, nil, nil)
    if let gradient = readers.gradient {
      for user in users[gradient] {
        switch graph.nodes[user].op {
        case let product as LinearDataGradient
        where product.epilogue.isEmpty && graph.nodes[user].operands == [Value(id: gradient), layer.weight]:
          gradients.input = user
        case let product as LinearWeightGradient
        where product.update.kind == .none && graph.nodes[user].operands == [layer.input, Value(id: gradient)]:
          gradients.weight = user
        case let sum as SumExcept where sum.axis == type.rank - 1 && layer.bias != nil: gradients.bias = user
        default: return nil
        }
      }
      let upstream = graph.nodes[gradient].operands[0]
      if depends(upstream, on: scores, graph) { return nil }
      operands.append(upstream)
      op.ofWeight = gradients.weight != nil
      op.ofBias = gradients.bias != nil
      op.ofInput = gradients.input != nil
      guard op.hasGradient else { return nil }
    }
    let measured: [(nodes: [Int], measure: Measure)] = [
      (readers.losses, .loss), (readers.plainLosses, .plainLoss), (readers.counts, .correct),
    ]
    return Rewriting(
      graph, op: op, operands: operands, origin: graph.nodes[node].origin,
      parts: op.parts(layer, graph, gradients, measured))
  }

  /// The nodes with their parts of the result.
  private func parts(
    _ layer: Layer, _ graph: Graph, _ gradients: (weight: Int?, bias: Int?, input: Int?),
    _ measured: [(nodes: [Int], measure: Measure)]
  ) -> [(node: Int, part: Unpack)] {
    let shapes = shapes(x: graph[layer.input].type.shape, weight: graph[layer.weight].type.shape)
    let all = Unpack.list(shapes)
    var result: [(node: Int, part: Unpack)] = []
    for node in [gradients.weight, gradients.bias, gradients.input] {
      if let node { result.append((node, all[result.count])) }
    }
    let first = result.count
    for (nodes, measure) in measured {
      for node in nodes { result.append((node, all[first + measure.rawValue])) }
    }
    return result
  }

  /// A linear layer whose scores nothing but the given value is made of.
  private struct Layer {
    var input: Value
    var weight: Value
    var bias: Value?

    init?(_ scores: Value, in graph: Graph, users: [[Int]]) {
      var product = graph[scores]
      if let sum = product.op as? AddBias, sum.axis == product.type.rank - 1 {
        bias = product.operands[1]
        let inner = product.operands[0]
        guard users[inner.id].count == 1, !graph.outputs.contains(where: { $0.value == inner }) else { return nil }
        product = graph[inner]
      }
      guard let linear = product.op as? Linear, linear.epilogue.isEmpty,
        !graph.outputs.contains(where: { $0.value == scores })
      else { return nil }
      input = product.operands[0]
      weight = product.operands[1]
    }
  }

  /// Who reads the scores.
  private struct Readers {
    let loss: SoftmaxCrossEntropy
    let target: Value
    let scores: Value
    var losses: [Int] = []
    var plainLosses: [Int] = []
    var counts: [Int] = []
    var gradient: Int?

    /// False for a reader that wants the scores themselves.
    mutating func take(_ user: Int, _ graph: Graph) -> Bool {
      let node = graph.nodes[user]
      switch node.op {
      case let other as SoftmaxCrossEntropy where node.operands == [scores, target] && other.ignore == loss.ignore:
        if other == loss {
          losses.append(user)
        } else if other.smoothing == 0, !other.hasWeights {
          plainLosses.append(user)
        } else {
          return false
        }
      case let count as CorrectCount
      where node.operands == [scores, target] && count == CorrectCount(ignore: loss.ignore):
        counts.append(user)
      case let slope as SoftmaxCrossEntropyGradient
      where node.operands.dropFirst() == [scores, target] && gradient == nil
        && slope == SoftmaxCrossEntropyGradient(smoothing: loss.smoothing, ignore: loss.ignore):
        gradient = user
      default: return false
      }
      return true
    }
  }

  private static func depends(_ value: Value, on other: Value, _ graph: Graph) -> Bool {
    var seen: Set<Int> = []
    var open = [value.id]
    while let id = open.popLast() {
      if id == other.id { return true }
      if id > other.id, seen.insert(id).inserted { open += graph.nodes[id].operands.map(\.id) }
    }
    return false
  }
}
