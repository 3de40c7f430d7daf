import Semantics
import Vocabulary

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
  /// The types of nodes that stand for several whose types differ, copy by copy.
  private var variants: [Int: [ExampleType]] = [:]
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
    fold(&whole, isRoot: true)
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

  /// Shows runs of equal groups once, and runs of groups that differ in their sizes alone.
  private mutating func fold(_ group: inout Group, isRoot: Bool = false) {
    var index = 0
    while index < group.children.count {
      let children = group.children
      if let run = repetition(in: children, from: index, isRoot: isRoot) {
        merge(run.copies)
        var first = Group(title: "", count: 1, children: Array(children[index..<(index + run.period)]))
        if run.period == 1, case .group(let single) = children[index] { first = single }
        if case .group(let last) = children[index + run.length - 1], !run.isExact {
          first.title += " … \(last.title)"
        }
        first.count = run.copies.count
        group.children.replaceSubrange(index..<(index + run.length), with: [.group(first)])
      }
      if case .group(var first) = group.children[index] {
        fold(&first)
        if first.children.count == 1, case .group(var inner) = first.children[0], first.count == 1 || inner.count == 1 {
          if inner.title.isEmpty { inner.title = first.title }
          inner.count *= first.count
          first = inner
        }
        group.children[index] = .group(first)
      }
      index += 1
    }
  }

  /// Children that stand there several times, one behind the other.
  private struct Repetition {
    /// How many children are one copy.
    var period: Int
    /// The nodes of each copy, in order.
    var copies: [[Int]]
    /// Whether the sizes are the same as well.
    var isExact: Bool

    var length: Int { period * copies.count }
  }

  private func repetition(in children: [Child], from index: Int, isRoot: Bool) -> Repetition? {
    /// No copy of what people repeat has more children.
    let longest = 12
    let rest = children.count - index
    guard rest > 1 else { return nil }
    for period in 1...min(longest, rest / 2) {
      let hasGroup = children[index..<(index + period)].contains { if case .group = $0 { true } else { false } }
      // Layers alone are a repetition where a group holds nothing else.
      let isWhole = !isRoot && index == 0 && period > 1 && children.count % period == 0 && children.count / period > 2
      guard hasGroup || isWhole else { continue }
      for isExact in period == 1 ? [true, false] : [true] {
        var copies = [Picture.nodes(of: children[index..<(index + period)])]
        while let next = unit(copies.count, period, children, index), isNamedAlike(children, index, next) {
          let nodes = Picture.nodes(of: children[next..<(next + period)])
          guard continues(copies, nodes, isExact: isExact) else { break }
          copies.append(nodes)
        }
        let isEnough = isExact ? copies.count > 1 : copies.count > 2
        if isEnough, hasGroup || copies.count * period == children.count, isClosed(copies) {
          return Repetition(period: period, copies: copies, isExact: isExact)
        }
      }
    }
    return nil
  }

  /// Where copy `number` would begin; nil where too few children are left.
  private func unit(_ number: Int, _ period: Int, _ children: [Child], _ index: Int) -> Int? {
    let start = index + number * period
    return start + period <= children.count ? start : nil
  }

  /// Whether names that users gave do not set the child at `next` apart from that at `first`: they count, or there are none.
  private func isNamedAlike(_ children: [Child], _ first: Int, _ next: Int) -> Bool {
    switch (children[first], children[next]) {
    case (.group(let first), .group(let next)):
      next.title.isEmpty == first.title.isEmpty && (next.title.isEmpty || first.title.last?.isNumber == true)
    case (.stack(let first), .stack(let next)):
      [first, next].allSatisfy { nodes[$0[0]].path.last?.last?.isNumber ?? true }
    default: false
    }
  }

  private static func nodes(of children: ArraySlice<Child>) -> [Int] {
    Group(title: "", children: Array(children)).nodes
  }

  /// Leaves the first copy, whose nodes then stand for those of the others too.
  private mutating func merge(_ copies: [[Int]]) {
    let redirected = Dictionary(uniqueKeysWithValues: zip(copies[copies.count - 1], copies[0]))
    let gone = Set(copies.dropFirst().joined())
    for (place, node) in copies[0].enumerated() {
      let types = copies.map { nodes[$0[place]].type }
      if types.contains(where: { $0 != types[0] }) { variants[node] = types }
    }
    for node in nodes.indices where !gone.contains(node) {
      for edge in nodes[node].inputs.indices {
        let source = nodes[node].inputs[edge].source
        nodes[node].inputs[edge].source = redirected[source] ?? source
      }
    }
  }

  /// The type of what a node makes; where it stands for several that differ, the type of each.
  func types(of node: Int) -> [ExampleType] { variants[node] ?? [nodes[node].type] }

  /// Whether `next` is the last copy once more: the same layers on the same wires, fed by that copy and by what all of them read.
  private func continues(_ copies: [[Int]], _ next: [Int], isExact: Bool) -> Bool {
    let last = copies[copies.count - 1]
    guard last.count == next.count else { return false }
    let places = Dictionary(uniqueKeysWithValues: zip(last, last.indices))
    let nextPlaces = Dictionary(uniqueKeysWithValues: zip(next, next.indices))
    var feeds: Int?
    for (a, b) in zip(last, next) {
      let (x, y) = (nodes[a], nodes[b])
      guard LayerGraph.looksAlike(x, y), x.inputs.count == y.inputs.count else { return false }
      if isExact, types(of: a) != types(of: b) { return false }
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
  /// Whether two nodes are drawn the same way, but for the sizes of what they make.
  static func looksAlike(_ a: Node, _ b: Node) -> Bool {
    guard a.type.element == b.type.element, a.type.rank == b.type.rank, a.detail == b.detail else { return false }
    switch (a.kind, b.kind) {
    case (.layer(let x), .layer(let y)): return x == y
    case (.operation(let x), .operation(let y)): return x == y
    default: return false
    }
  }
}
