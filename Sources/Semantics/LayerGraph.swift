import Graphs
import Ops
import Vocabulary

/// The layers of a net and what flows between them, for pictures.
package struct LayerGraph: Sendable {
  /// What a node stands for.
  package enum Kind: Sendable {
    case input(name: String)
    /// A stage that calls a word, or a value declared by `layer`.
    case layer(word: String)
    /// Something between tensors that is no stage: `+`, `concat`.
    case operation(symbol: String)
    case output(name: String)
  }

  package struct Edge: Hashable, Sendable {
    /// The index of the node that the tensor comes from.
    package var source: Int
    /// Whether it is what flows through, rather than a further argument such as keys or a mask.
    package var isMain: Bool
  }

  package struct Node: Sendable {
    package var kind: Kind
    /// The labels and positions on the way here, the node's own last; an operation has those of its body.
    package var path: [String]
    /// What distinguishes the layer: `3x3 /2`, `8 heads`.
    package var detail: String
    package var type: ExampleType
    package var inputs: [Edge]
    /// Whether the result has the type of what flows in, and no product is taken: activations, norms, dropout.
    package var isLight: Bool
    package var parameterCount: Int
  }

  package private(set) var nodes: [Node] = []
}

extension LayerGraph {
  /// Reads a graph in which each layer owns the nodes that were added for it. What no output needs is left out.
  init(
    _ graph: Graph, _ layers: [LayerSummary], inputs: [String: ExampleType],
    outputs: [(name: String, type: ExampleType)]
  ) {
    var owners = [Int?](repeating: nil, count: graph.nodes.count)
    var starts: [Int: Int] = [:]
    for (index, layer) in layers.enumerated() where !layer.nodes.isEmpty && layer.nodes.upperBound <= owners.count {
      starts[layer.nodes.lowerBound] = index
      for node in layer.nodes { owners[node] = index }
    }
    /// The picture's node that made each tensor.
    var makers = [Int?](repeating: nil, count: graph.nodes.count)
    for (id, node) in graph.nodes.enumerated() where node.origin.phase == .forward {
      if let layer = owners[id] {
        if starts[id] != nil { add(layers[layer], graph, makers) }
        // The first use of a shared weight makes it, but what flows to later uses does not come from there.
        if node.op != nil || layers[layer].nodes.count == 1 { makers[id] = nodes.count - 1 }
        continue
      }
      let sources = node.operands.compactMap { makers[$0.id] }
      switch node.kind {
      case .feed(let feed):
        guard feed.role == .input else { continue }
        makers[id] = nodes.count
        nodes.append(
          Node(
            kind: .input(name: feed.name), path: [feed.name], detail: "",
            type: inputs[feed.name] ?? LayerGraph.type(node), inputs: [],
            isLight: false, parameterCount: 0))
      case .op(let op):
        if let source = sources.first, sources.count == 1, let symbol = symbol(of: op, after: source) {
          makers[id] = nodes.count
          nodes.append(
            Node(
              kind: .operation(symbol: symbol.text), path: LayerGraph.components(node.origin.path), detail: "",
              type: LayerGraph.type(node), inputs: [Edge(source: symbol.source, isMain: true)], isLight: false,
              parameterCount: 0))
          continue
        }
        guard let symbol = LayerGraph.symbols[op.name], symbol != "mask" || !sources.isEmpty else {
          makers[id] = sources.first
          continue
        }
        guard sources.count > 1 || symbol == "mask" else {
          makers[id] = sources.first
          continue
        }
        makers[id] = nodes.count
        nodes.append(
          Node(
            kind: .operation(symbol: symbol), path: LayerGraph.components(node.origin.path), detail: "",
            type: LayerGraph.type(node), inputs: LayerGraph.unique(sources).map { Edge(source: $0, isMain: true) },
            isLight: false, parameterCount: 0))
      case .variable, .constant: continue
      }
    }
    for (output, type) in outputs {
      guard let value = graph.outputs.first(where: { $0.name == output })?.value, let maker = makers[value.id] else {
        continue
      }
      nodes.append(
        Node(
          kind: .output(name: output), path: [output], detail: "", type: type,
          inputs: [Edge(source: maker, isMain: true)], isLight: false, parameterCount: 0))
    }
    removeUnneeded()
  }

  /// What an op between one tensor and a number is drawn as, and the node that it reads; nil for another op. `1 - x` and `1 / x` are two
  /// ops in the graph and one in the picture.
  private func symbol(of op: any Op, after source: Int) -> (text: String, source: Int)? {
    func before(_ symbol: String) -> Int? {
      guard case .operation(symbol) = nodes[source].kind else { return nil }
      return nodes[source].inputs[0].source
    }
    switch op {
    case let op as Offset:
      if let first = before("−x") { return ("\(LayerGraph.shortText(op.amount)) − x", first) }
      return ("\(op.amount < 0 ? "−" : "+") \(LayerGraph.shortText(abs(op.amount)))", source)
    case let op as Scale:
      if let first = before("1 ÷ x") { return ("\(LayerGraph.shortText(op.factor)) ÷ x", first) }
      let divisor = 1 / op.factor
      let divides = abs(op.factor) < 1 && abs(divisor - divisor.rounded()) < 1e-9 * abs(divisor)
      return (divides ? "÷ \(LayerGraph.shortText(divisor.rounded()))" : "× \(LayerGraph.shortText(op.factor))", source)
    case is Negate: return ("−x", source)
    case is Reciprocal: return ("1 ÷ x", source)
    default: return nil
    }
  }

  /// A number in a few digits.
  private static func shortText(_ number: Double) -> String {
    let text = numberText(number)
    if text.count <= 7 { return text }
    var unit = 1.0
    while unit < 1e9, abs(number) * unit < 1000 { unit *= 10 }
    return numberText((number * unit).rounded() / unit)
  }

  private mutating func add(_ layer: LayerSummary, _ graph: Graph, _ makers: [Int?]) {
    var sources: [Int] = []
    for id in layer.nodes {
      for operand in graph.nodes[id].operands where !layer.nodes.contains(operand.id) {
        if let maker = makers[operand.id], !sources.contains(maker) { sources.append(maker) }
      }
    }
    nodes.append(
      Node(
        kind: .layer(word: layer.word), path: LayerGraph.components(layer.path), detail: layer.detail,
        type: layer.type, inputs: sources.enumerated().map { Edge(source: $1, isMain: $0 == 0) },
        isLight: layer.keepsShape && layer.multiplyAdds == 0, parameterCount: layer.parameterCount))
  }

  /// Keeps what leads to an output.
  private mutating func removeUnneeded() {
    var isNeeded = nodes.map { if case .output = $0.kind { true } else { false } }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for edge in nodes[index].inputs { isNeeded[edge.source] = true }
    }
    var places = [Int](repeating: 0, count: nodes.count)
    var kept: [Node] = []
    for (index, var node) in nodes.enumerated() where isNeeded[index] {
      places[index] = kept.count
      node.inputs = node.inputs.map { Edge(source: places[$0.source], isMain: $0.isMain) }
      kept.append(node)
    }
    nodes = kept
  }

  private static func unique(_ sources: [Int]) -> [Int] {
    sources.enumerated().filter { !sources[..<$0.offset].contains($0.element) }.map(\.element)
  }

  private static func components(_ path: String) -> [String] { path.split(separator: ".").map(String.init) }

  private static func type(_ node: Graphs.Node) -> ExampleType {
    let element: ExampleType.Element =
      switch node.type.element {
      case .bool: .bool
      case .int32: .index(count: 0)
      default: .float32
      }
    return ExampleType(element, Array(node.type.shape.dropFirst()))
  }

  /// Ops that stand between tensors, by their names in the graph.
  private static let symbols: [String: String] = [
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "concat": "concat", "batch_product": "matmul",
    "compare": "mask",
  ]
}
