/// The ways of wires: one that meets no box, no text and no wire of another tensor, as far as there is one.
extension Container {
  /// A straight piece of a wire that has its place.
  private struct Piece {
    /// The number of the wire.
    var wire: Int
    var source: Int
    var start: Point
    var end: Point
  }

  /// What is in the way of wires, rank by rank: each wire looks only at the ranks that it runs along.
  private struct Obstacles {
    var boxes: [[(element: Int, box: Rectangle)]]
    var texts: [[Rectangle]]
    var pieces: [[Piece]]
    /// How many more comparisons may be made: where hundreds of wires run side by side, what is left runs as usual.
    var budget = 20_000_000

    init(ranks: Int) {
      boxes = Array(repeating: [], count: ranks)
      texts = Array(repeating: [], count: ranks)
      pieces = Array(repeating: [], count: ranks)
    }

    mutating func add(_ route: [Point], _ wire: Wire, _ index: Int, _ ranks: ClosedRange<Int>) {
      for (start, end) in zip(route, route.dropFirst()) {
        for rank in ranks { pieces[rank].append(Piece(wire: index, source: wire.source, start: start, end: end)) }
      }
    }

    mutating func remove(_ wire: Int, _ ranks: ClosedRange<Int>) {
      for rank in ranks { pieces[rank].removeAll { $0.wire == wire } }
    }
  }

  /// The corners of each wire, first and last point included, seen from the container's own corner.
  func routes() -> [[Point]] {
    var obstacles = Obstacles(ranks: rankY.count)
    for (index, element) in elements.enumerated() where element.height > 0 {
      let box = Rectangle(x: element.x, y: element.y, width: element.width, height: element.height)
      obstacles.boxes[element.rank].append((index, box))
      guard let text = shape(of: element) else { continue }
      let width = PictureStyle.width(of: text, size: PictureStyle.shapeSize)
      obstacles.texts[element.rank].append(
        Rectangle(x: laneX[element.lane] + 6, y: element.y + element.height + 10.5, width: width, height: 9))
    }
    var routes = wires.map(usualRoute)
    for index in wires.indices { obstacles.add(routes[index], wires[index], index, ranks(of: wires[index])) }
    // Where two are in each other's way, the one that is looked at later may have the better other way.
    for _ in 0..<3 {
      for (index, wire) in wires.enumerated() where routes[index].count > 2 {
        let usual = cost(routes[index], wire, index, &obstacles)
        var best = (route: routes[index], cost: usual)
        if usual == 0 { continue }
        for route in otherRoutes(wire) where obstacles.budget > 0 {
          let cost = cost(route, wire, index, &obstacles)
          if cost < best.cost { best = (route, cost) }
          if cost == 0 { break }
        }
        if best.cost == usual { continue }
        routes[index] = best.route
        obstacles.remove(index, ranks(of: wire))
        obstacles.add(best.route, wire, index, ranks(of: wire))
      }
    }
    return routes
  }

  private func ranks(of wire: Wire) -> ClosedRange<Int> {
    let (from, to) = (elements[wire.from].rank, elements[wire.to].rank)
    return min(from, to)...max(from, to)
  }

  // MARK: Ways

  private func start(_ wire: Wire) -> Point {
    let from = elements[wire.from]
    return Point(x: from.x + outlet(from, wire.source), y: from.y + from.height)
  }

  private func top(_ wire: Wire) -> Point {
    let to = elements[wire.to]
    return Point(x: to.x + inlet(to, wire.source), y: to.y)
  }

  func isOperation(_ element: Element) -> Bool {
    if case .stack(let nodes) = element.kind, case .operation = picture.nodes[nodes[0]].kind { true } else { false }
  }

  /// Where a wire turns that leaves a rank: in the space below it.
  private func leave(_ from: Element) -> Double {
    rankY[from.rank] + rankHeight[from.rank] + (from.height == 0 ? 8 : 9)
  }

  /// Straight down the wire's lane; an operation is met at its side.
  private func usualRoute(_ wire: Wire) -> [Point] {
    let (from, to) = (elements[wire.from], elements[wire.to])
    let (start, top, lane) = (start(wire), top(wire), laneX[wire.lane])
    let (leave, arrive) = (leave(from), rankY[to.rank] - 9)
    let passes = to.rank - from.rank > 1
    let x = passes ? lane : start.x
    if isOperation(to), abs(x - top.x) > 1 {
      let middle = to.y + to.height / 2
      return corners([
        start, Point(x: start.x, y: leave), Point(x: x, y: leave), Point(x: x, y: middle),
        Point(x: x < top.x ? to.x : to.x + to.width, y: middle),
      ])
    }
    if passes {
      return corners([
        start, Point(x: start.x, y: leave), Point(x: lane, y: leave), Point(x: lane, y: arrive),
        Point(x: top.x, y: arrive), top,
      ])
    }
    let turn = from.height == 0 ? leave : arrive
    return corners([start, Point(x: start.x, y: turn), Point(x: top.x, y: turn), top])
  }

  /// Ways that turn at other heights, run beside their lane or in another, or come to an operation from above or the other side.
  private func otherRoutes(_ wire: Wire) -> [[Point]] {
    let (from, to) = (elements[wire.from], elements[wire.to])
    guard to.rank > from.rank else { return [] }
    let (start, top) = (start(wire), top(wire))
    let leaves = turns(below: from.rank, leave(from))
    let arrives = turns(below: to.rank - 1, rankY[to.rank] - 9)
    var ends: [[Point]] = []
    if isOperation(to) {
      let middle = to.y + to.height / 2
      let left = [Point(x: to.x - 12, y: middle), Point(x: to.x, y: middle)]
      let right = [Point(x: to.x + to.width + 12, y: middle), Point(x: to.x + to.width, y: middle)]
      ends = start.x < top.x ? [left, right] : [right, left]
    }
    ends.append([top])
    var routes: [[Point]] = []
    if to.rank - from.rank == 1 {
      for turn in arrives {
        for end in ends {
          routes.append(corners([start, Point(x: start.x, y: turn), Point(x: end[0].x, y: turn)] + end))
        }
      }
      return routes
    }
    let own = laneX[wire.lane]
    let others = [start.x] + laneX.sorted { abs($0 - own) < abs($1 - own) }.filter { $0 != own }
    let columns = ([own] + others).flatMap { [$0, $0 + 11, $0 - 11] }.filter { $0 > 3 && $0 < width - 3 }
    for x in columns {
      for leave in leaves {
        for arrive in arrives {
          for end in ends {
            let down = [start, Point(x: start.x, y: leave), Point(x: x, y: leave), Point(x: x, y: arrive)]
            routes.append(corners(down + [Point(x: end[0].x, y: arrive)] + end))
          }
        }
      }
    }
    return routes
  }

  /// Heights in the space below a rank where wires may turn, the usual one first.
  private func turns(below rank: Int, _ usual: Double) -> [Double] {
    let (upper, lower) = (rankY[rank] + rankHeight[rank] + 4, rankY[rank + 1] - 7)
    return [usual] + [6.0, -6, 12, -12, 18, -18].map { usual + $0 }.filter { $0 >= upper && $0 <= lower }
  }

  /// Without points where a way does not turn.
  private func corners(_ points: [Point]) -> [Point] {
    var result: [Point] = []
    for point in points {
      if let last = result.last, abs(last.x - point.x) < 0.5, abs(last.y - point.y) < 0.5 { continue }
      if result.count > 1 {
        let (a, b) = (result[result.count - 2], result[result.count - 1])
        let isStraight = abs(a.x - b.x) < 0.5 && abs(b.x - point.x) < 0.5 && (b.y - a.y) * (point.y - b.y) > 0
        let isLevel = abs(a.y - b.y) < 0.5 && abs(b.y - point.y) < 0.5 && (b.x - a.x) * (point.x - b.x) > 0
        if isStraight || isLevel { result.removeLast() }
      }
      result.append(point)
    }
    return result
  }

  // MARK: Judging

  /// How bad a way is: through a box or along another tensor's wire is false, over a text ugly, across a wire all but harmless.
  private func cost(_ route: [Point], _ wire: Wire, _ index: Int, _ obstacles: inout Obstacles) -> Int {
    var cost = 0
    guard obstacles.budget > 0 else { return cost }
    let pieces = Array(zip(route, route.dropFirst()))
    for rank in ranks(of: wire) {
      obstacles.budget -= pieces.count * (obstacles.boxes[rank].count + obstacles.pieces[rank].count)
      for (number, piece) in pieces.enumerated() {
        for (element, box) in obstacles.boxes[rank] {
          if element == wire.from && number == 0 || element == wire.to && number == pieces.count - 1 { continue }
          if Container.meets(piece, box, margin: element == wire.from || element == wire.to ? -1 : 3) { cost += 100 }
        }
        for text in obstacles.texts[rank] where Container.meets(piece, text, margin: 0) { cost += 5 }
        for other in obstacles.pieces[rank] where other.wire != index && other.source != wire.source {
          cost += Container.cost(of: piece, with: (other.start, other.end))
        }
      }
    }
    return cost
  }

  private static func meets(_ piece: (Point, Point), _ box: Rectangle, margin: Double) -> Bool {
    let (a, b) = piece
    return max(a.x, b.x) > box.x - margin && min(a.x, b.x) < box.x + box.width + margin
      && max(a.y, b.y) > box.y - margin && min(a.y, b.y) < box.y + box.height + margin
  }

  private static func cost(of piece: (Point, Point), with other: (Point, Point)) -> Int {
    let (a, b, c, d) = (piece.0, piece.1, other.0, other.1)
    let across = min(max(a.x, b.x), max(c.x, d.x)) - max(min(a.x, b.x), min(c.x, d.x))
    let along = min(max(a.y, b.y), max(c.y, d.y)) - max(min(a.y, b.y), min(c.y, d.y))
    let bothDown = abs(a.x - b.x) < 0.5 && abs(c.x - d.x) < 0.5
    let bothLevel = abs(a.y - b.y) < 0.5 && abs(c.y - d.y) < 0.5
    // Wires nearer than this look like one; the shorter the better, so that two that change places come apart step by step.
    if bothDown { return abs(a.x - c.x) < 4 && along > 2 ? 20 + min(60, Int(along)) : 0 }
    if bothLevel { return abs(a.y - c.y) < 4 && across > 2 ? 20 + min(60, Int(across)) : 0 }
    return across > -0.5 && along > -0.5 ? 1 : 0
  }

  /// Where the tensor of `source` leaves an element, from its left.
  private func outlet(_ element: Element, _ source: Int) -> Double {
    guard case .group(let container) = element.kind else { return element.anchor }
    for inner in container.elements {
      if case .exit(source) = inner.kind { return inner.x }
    }
    return element.anchor
  }

  private func inlet(_ element: Element, _ source: Int) -> Double {
    guard case .group(let container) = element.kind else { return element.anchor }
    for inner in container.elements {
      if case .entry(source) = inner.kind { return inner.x }
    }
    return element.anchor
  }
}
