import Semantics

/// One group of a picture, arranged: its children in ranks from top to bottom, the longest way straight down, others beside it.
struct Container {
  typealias Point = PictureLayout.Point
  typealias Rectangle = PictureLayout.Rectangle

  /// A child, or a point on the border that a wire from outside crosses.
  struct Element {
    enum Kind {
      case stack([Int])
      case group(Container)
      /// Where the tensor of a node comes in, or goes out.
      case entry(source: Int)
      case exit(source: Int)
    }
    var kind: Kind
    var width: Double
    var height: Double
    /// Where wires meet it, from its left.
    var anchor: Double
    var nodes: Set<Int> = []
    var rank = 0
    var lane = 0
    var x = 0.0
    var y = 0.0
  }

  struct Wire: Hashable {
    var from: Int
    var to: Int
    var source: Int
    /// The lane it runs in between ranks that are not neighbours.
    var lane = 0
  }

  static let gap = 34.0
  static let padding = 14.0
  static let laneGap = 22.0

  let title: String
  let count: Int
  let picture: Picture
  let isRoot: Bool
  var elements: [Element] = []
  var wires: [Wire] = []
  private(set) var width = 0.0
  private(set) var height = 0.0
  var laneX: [Double] = []
  var rankY: [Double] = []
  var rankHeight: [Double] = []

  init(_ group: Picture.Group, _ picture: Picture, isRoot: Bool = false) {
    title = group.title
    count = group.count
    self.picture = picture
    self.isRoot = isRoot
    let members = Set(group.nodes)
    if !isRoot { addEntries(members) }
    for child in group.children {
      switch child {
      case .stack(let nodes):
        let size = PictureStyle.size(of: nodes, picture)
        elements.append(
          Element(
            kind: .stack(nodes), width: size.width, height: size.height, anchor: size.width / 2, nodes: Set(nodes)))
      case .group(let inner):
        var container = Container(inner, picture)
        container.arrange()
        elements.append(
          Element(
            kind: .group(container), width: container.width, height: container.height, anchor: container.anchor,
            nodes: Set(inner.nodes)))
      }
    }
    if !isRoot { addExits(members) }
    addWires()
  }

  /// Where the wire on the longest way meets the border, from the left.
  var anchor: Double { laneX.first ?? width / 2 }

  private mutating func addEntries(_ members: Set<Int>) {
    var sources: [Int] = []
    for node in members.sorted() {
      for edge in picture.nodes[node].inputs where edge.isMain && !members.contains(edge.source) {
        if !sources.contains(edge.source) { sources.append(edge.source) }
      }
    }
    elements += sources.map { Element(kind: .entry(source: $0), width: 0, height: 0, anchor: 0) }
  }

  private mutating func addExits(_ members: Set<Int>) {
    var sources: Set<Int> = []
    for node in picture.root.nodes where !members.contains(node) {
      for edge in picture.nodes[node].inputs where members.contains(edge.source) { sources.insert(edge.source) }
    }
    elements += sources.sorted().map { Element(kind: .exit(source: $0), width: 0, height: 0, anchor: 0) }
  }

  private mutating func addWires() {
    var owner: [Int: Int] = [:]
    for (index, element) in elements.enumerated() {
      for node in element.nodes { owner[node] = index }
      if case .entry(let source) = element.kind { owner[source] = index }
    }
    var known: Set<Wire> = []
    for (index, element) in elements.enumerated() {
      if case .exit(let source) = element.kind, let from = owner[source] {
        wires.append(Wire(from: from, to: index, source: source))
      }
      for node in element.nodes.sorted() {
        for edge in picture.nodes[node].inputs where edge.isMain {
          guard let from = owner[edge.source], from != index else { continue }
          let wire = Wire(from: from, to: index, source: edge.source)
          if known.insert(wire).inserted { wires.append(wire) }
        }
      }
    }
  }

  // MARK: Arranging

  /// Gives every element its place.
  mutating func arrange() {
    rank()
    let lanes = assignLanes()
    measure(lanes)
  }

  private mutating func rank() {
    // Longest way from the top, by relaxation: groups are few; a circle between them ends by the limit.
    for _ in elements.indices {
      var changed = false
      for wire in wires where elements[wire.to].rank <= elements[wire.from].rank {
        guard elements[wire.from].rank < elements.count else { continue }
        elements[wire.to].rank = elements[wire.from].rank + 1
        changed = true
      }
      if !changed { break }
    }
    for index in elements.indices where !wires.contains(where: { $0.to == index }) {
      if case .entry = elements[index].kind { continue }
      let below = wires.filter { $0.from == index }.map { elements[$0.to].rank }.min()
      if let below { elements[index].rank = max(0, below - 1) }
    }
    let last = elements.map(\.rank).max() ?? 0
    for index in elements.indices {
      if case .exit = elements[index].kind { elements[index].rank = last }
    }
  }

  /// Puts the longest way into lane 0, other ways and wires that pass ranks into the first lanes that are free there; gives the
  /// number of lanes.
  private mutating func assignLanes() -> Int {
    var taken: [[Bool]] = [[Bool](repeating: false, count: (elements.map(\.rank).max() ?? 0) + 1)]
    func isFree(_ lane: Int, _ ranks: Range<Int>) -> Bool {
      lane >= taken.count || !ranks.contains { $0 >= 0 && $0 < taken[lane].count && taken[lane][$0] }
    }
    func take(_ lane: Int, _ ranks: Range<Int>) {
      while taken.count <= lane { taken.append([Bool](repeating: false, count: taken[0].count)) }
      for rank in ranks where taken[lane].indices.contains(rank) { taken[lane][rank] = true }
    }
    var assigned = Set<Int>()
    for index in longestWay() {
      assigned.insert(index)
      take(0, elements[index].rank..<(elements[index].rank + 1))
    }
    for index in elements.indices where !assigned.contains(index) {
      var chain = [index]
      while let next = wires.first(where: {
        $0.from == chain[chain.count - 1] && !assigned.contains($0.to) && !chain.contains($0.to)
      })?.to {
        chain.append(next)
      }
      let above = wires.filter { $0.to == index }.map { elements[$0.from].rank + 1 }.min() ?? elements[index].rank
      let end = chain[chain.count - 1]
      let below = wires.filter { $0.from == end }.map { elements[$0.to].rank }.max() ?? elements[end].rank + 1
      // A wire that comes to an operation from the side runs along its rank as well.
      let isSideways = wires.contains { $0.from == end && isOperation(elements[$0.to]) }
      let ranks = min(above, elements[index].rank)..<max(below + (isSideways ? 1 : 0), elements[end].rank + 1)
      let lane = (1...taken.count).first { isFree($0, ranks) } ?? taken.count
      take(lane, ranks)
      for member in chain {
        elements[member].lane = lane
        assigned.insert(member)
      }
    }
    for index in wires.indices {
      let (from, to) = (elements[wires[index].from], elements[wires[index].to])
      wires[index].lane = to.lane
      let between = (from.rank + 1)..<max(from.rank + 1, to.rank)
      if between.isEmpty { continue }
      // A way beside the longest has its lane to itself from where it leaves to where it comes back.
      let own = [from.lane, to.lane].first { lane in
        lane > 0 && !elements.contains { $0.lane == lane && between.contains($0.rank) }
      }
      let lane = own ?? ([to.lane] + Array(1...taken.count)).first { isFree($0, between) } ?? taken.count
      wires[index].lane = lane
      take(lane, between)
    }
    return taken.count
  }

  /// The elements on the way with the most layers.
  private func longestWay() -> [Int] {
    var best = elements.map { Double($0.nodes.count) }
    var before = [Int?](repeating: nil, count: elements.count)
    for index in elements.indices.sorted(by: { (elements[$0].rank, $0) < (elements[$1].rank, $1) }) {
      for wire in wires where wire.to == index && elements[wire.from].rank < elements[index].rank {
        let length = best[wire.from] + Double(elements[index].nodes.count)
        if before[index] == nil || length > best[index] {
          best[index] = length
          before[index] = wire.from
        }
      }
    }
    guard
      var current = elements.indices.max(by: { (best[$0], elements[$0].rank, -$0) < (best[$1], elements[$1].rank, -$1) }
      )
    else { return [] }
    var way = [current]
    while let previous = before[current] {
      way.append(previous)
      current = previous
    }
    return way.reversed()
  }

  private mutating func measure(_ lanes: Int) {
    var left = [Double](repeating: 4, count: lanes)
    var right = [Double](repeating: 4, count: lanes)
    for element in elements {
      left[element.lane] = max(left[element.lane], element.anchor)
      right[element.lane] = max(right[element.lane], element.width - element.anchor)
      if let text = shape(of: element) {
        right[element.lane] = max(right[element.lane], PictureStyle.width(of: text, size: PictureStyle.shapeSize) + 8)
      }
    }
    let padding = isRoot ? 4 : Container.padding
    // The label stands beside the wire that comes in.
    if !label.isEmpty { left[0] = max(left[0], PictureStyle.width(of: label, size: 12) + 4) }
    var x = padding
    for lane in 0..<lanes {
      x += left[lane]
      laneX.append(x)
      x += right[lane] + (lane + 1 < lanes ? Container.laneGap : 0)
    }
    width = x + padding
    let ranks = (elements.map(\.rank).max() ?? 0) + 1
    var y = isRoot ? 0 : 0.0
    for rank in 0..<ranks {
      let members = elements.filter { $0.rank == rank }
      let height = members.map(\.height).max() ?? 0
      rankY.append(y)
      rankHeight.append(height)
      y += height
      if rank + 1 < ranks { y += gap(below: members, above: elements.filter { $0.rank == rank + 1 }) }
    }
    height = y
    for index in elements.indices {
      let element = elements[index]
      elements[index].x = laneX[element.lane] - element.anchor
      elements[index].y = rankY[element.rank] + (rankHeight[element.rank] - element.height) / 2
    }
  }

  /// The space below a rank: for shapes on the wires, for wires that leave it, or just for arrows.
  private func gap(below members: [Element], above next: [Element]) -> Double {
    if members.allSatisfy({ $0.height == 0 }) { return label.isEmpty ? 24 : 32 }
    if next.allSatisfy({ $0.height == 0 }) { return members.contains { shape(of: $0) != nil } ? 26 : 14 }
    let isBranching = wires.contains { wire in
      members.contains { $0.nodes == elements[wire.from].nodes } && wire.lane != elements[wire.from].lane
    }
    let usual = members.contains { shape(of: $0) != nil } || isBranching ? Container.gap : 24
    // Tensors that go to the side run one below the other.
    let ranks = (members.map(\.rank).min() ?? 0)...(members.map(\.rank).max() ?? 0)
    let turning = wires.filter { wire in
      ranks.contains(elements[wire.from].rank)
        && (wire.lane != elements[wire.from].lane || elements[wire.to].lane != elements[wire.from].lane)
    }
    return usual + Double(max(0, min(6, Set(turning.map(\.source)).count - 1))) * 6
  }

  /// What stands in the corner of the group.
  var label: String { title + (count > 1 ? (title.isEmpty ? "" : " ") + "×\(count)" : "") }

  /// What is written on the wire below an element: its shape, where it is another than that of what comes in.
  func shape(of element: Element) -> String? {
    guard case .stack(let nodes) = element.kind, let last = nodes.last, let first = nodes.first else { return nil }
    if case .output = picture.nodes[last].kind { return nil }
    let types = picture.types(of: last)
    let before = picture.nodes[first].inputs.first { $0.isMain }.map { picture.types(of: $0.source) }
    if types == before { return nil }
    return PictureStyle.text(of: types)
  }
}
