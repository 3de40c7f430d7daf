import Semantics

/// The layers of a net as nested groups, repetitions folded: what every form of the picture shows.
package struct Picture {
  /// What stands within a group.
  indirect enum Child {
    /// Nodes one below the other without an arrow: a layer and the activations behind it.
    case stack([Int])
    case group(Group)
  }

  /// The stages under one label, or one expansion of a block.
  struct Group {
    var title: String
    /// How often it stands there, one behind the other; the first is shown.
    var count = 1
    var children: [Child]

    /// The nodes within, groups inside included, in order.
    var nodes: [Int] {
      children.flatMap { child -> [Int] in
        switch child {
        case .stack(let nodes): nodes
        case .group(let group): group.nodes
        }
      }
    }
  }

  /// The nodes; of what is folded only the first copy is in `root`.
  private(set) var nodes: [LayerGraph.Node]
  private(set) var root: Group
  let title: String
  let subtitle: String

  /// The picture of `graph`; masks are left out, since they go everywhere and carry no shape of interest.
  package init(_ graph: LayerGraph, title: String, subtitle: String) {
    nodes = graph.nodes
    root = Group(title: "", children: [])
    self.title = title
    self.subtitle = subtitle
    for index in nodes.indices {
      nodes[index].inputs.removeAll { graph.nodes[$0.source].type.element == .bool }
    }
    let shown = nodes.indices.filter { nodes[$0].type.element != .bool }
    var whole = Group(title: "", children: grouped(Array(shown), depth: 0))
    fold(&whole)
    stack(&whole)
    root = whole
  }

  /// The children of a group whose path has `depth` parts.
  private func grouped(_ members: [Int], depth: Int) -> [Child] {
    var children: [Child] = []
    var groups: [String: Int] = [:]
    var inside: [[Int]] = []
    var places: [Int] = []
    for node in members {
      let path = nodes[node].path
      let isOperation = if case .operation = nodes[node].kind { true } else { false }
      if path.count <= depth + (isOperation ? 0 : 1) {
        children.append(.stack([node]))
      } else if let known = groups[path[depth]] {
        inside[known].append(node)
      } else {
        groups[path[depth]] = inside.count
        inside.append([node])
        places.append(children.count)
        children.append(.stack([]))
      }
    }
    for (place, members) in zip(places, inside) {
      let name = nodes[members[0]].path[depth]
      let title = name.allSatisfy(\.isNumber) ? "" : name
      let inner = grouped(members, depth: depth + 1)
      if inner.count == 1, case .stack = inner[0] {
        children[place] = inner[0]
      } else if inner.count == 1, case .group(var group) = inner[0], group.title.isEmpty || title.isEmpty {
        if group.title.isEmpty { group.title = title }
        children[place] = .group(group)
      } else {
        children[place] = .group(Group(title: title, children: inner))
      }
    }
    return children
  }

  // MARK: Repetitions

  /// Shows runs of equal groups once.
  private mutating func fold(_ group: inout Group) {
    var index = 0
    while index < group.children.count {
      guard case .group(var first) = group.children[index] else {
        index += 1
        continue
      }
      var copies = [first.nodes]
      while index + copies.count < group.children.count, case .group(let next) = group.children[index + copies.count],
        next.title.isEmpty || !first.title.isEmpty && first.title.last?.isNumber == true,
        next.title.isEmpty == first.title.isEmpty, continues(copies, next.nodes)
      {
        copies.append(next.nodes)
      }
      if copies.count > 1, isClosed(copies) {
        group.children.removeSubrange((index + 1)..<(index + copies.count))
        first.count = copies.count
        let last = copies[copies.count - 1]
        let redirected = Dictionary(uniqueKeysWithValues: zip(last, copies[0]))
        let gone = Set(copies.dropFirst().joined())
        for node in nodes.indices where !gone.contains(node) {
          for edge in nodes[node].inputs.indices {
            let source = nodes[node].inputs[edge].source
            nodes[node].inputs[edge].source = redirected[source] ?? source
          }
        }
      }
      fold(&first)
      if first.children.count == 1, case .group(var inner) = first.children[0], first.count == 1 || inner.count == 1 {
        if inner.title.isEmpty { inner.title = first.title }
        inner.count *= first.count
        first = inner
      }
      group.children[index] = .group(first)
      index += 1
    }
  }

  /// Whether `next` is the last copy once more: the same layers on the same wires, fed by that copy and by what all of them read.
  private func continues(_ copies: [[Int]], _ next: [Int]) -> Bool {
    let last = copies[copies.count - 1]
    guard last.count == next.count else { return false }
    let places = Dictionary(uniqueKeysWithValues: zip(last, last.indices))
    let nextPlaces = Dictionary(uniqueKeysWithValues: zip(next, next.indices))
    var feeds: Int?
    for (a, b) in zip(last, next) {
      let (x, y) = (nodes[a], nodes[b])
      guard LayerGraph.looksAlike(x, y), x.inputs.count == y.inputs.count else { return false }
      for (e, f) in zip(x.inputs, y.inputs) {
        let (inside, nextInside) = (places[e.source], nextPlaces[f.source])
        if inside != nil || nextInside != nil {
          guard inside == nextInside else { return false }
          continue
        }
        if e.source == f.source { continue }
        // What comes from outside comes from one node of the copy before.
        guard let place = places[f.source], feeds == nil || feeds == place else { return false }
        feeds = place
      }
    }
    return feeds != nil
  }

  /// Whether nothing outside reads what lies between the copies.
  private func isClosed(_ copies: [[Int]]) -> Bool {
    let all = Set(copies.joined())
    let middle = Set(copies.dropLast().joined())
    return !nodes.indices.contains { index in
      !all.contains(index) && nodes[index].inputs.contains { middle.contains($0.source) }
    }
  }

  // MARK: Stacks

  /// Puts activations, norms and the like right below what they belong to.
  private func stack(_ group: inout Group) {
    let alive = Set(group.nodes)
    var readers: [Int: Int] = [:]
    for node in alive { for edge in nodes[node].inputs { readers[edge.source, default: 0] += 1 } }
    stack(&group, readers)
  }

  private func stack(_ group: inout Group, _ readers: [Int: Int]) {
    var result: [Child] = []
    for child in group.children {
      switch child {
      case .group(var inner):
        stack(&inner, readers)
        result.append(.group(inner))
      case .stack(let members):
        let node = nodes[members[0]]
        if node.isLight, node.inputs.count == 1,
          let place = result.lastIndex(where: { ends($0, in: node.inputs[0].source) }),
          readers[node.inputs[0].source] == 1, case .stack(let before) = result[place], isLayer(before[0])
        {
          result[place] = .stack(before + members)
        } else {
          result.append(child)
        }
      }
    }
    group.children = result
  }

  private func ends(_ child: Child, in node: Int) -> Bool {
    if case .stack(let members) = child { members.last == node } else { false }
  }

  private func isLayer(_ node: Int) -> Bool { if case .layer = nodes[node].kind { true } else { false } }
}

extension LayerGraph {
  /// Whether two nodes are drawn the same way.
  static func looksAlike(_ a: Node, _ b: Node) -> Bool {
    guard a.type == b.type, a.detail == b.detail else { return false }
    switch (a.kind, b.kind) {
    case (.layer(let x), .layer(let y)): return x == y
    case (.operation(let x), .operation(let y)): return x == y
    default: return false
    }
  }
}
