import Semantics

extension Container {
  /// Adds the marks of the group whose corner lies at `origin`, and of what it holds.
  func place(
    at origin: Point, depth: Int, _ marks: inout [PictureLayout.Mark], _ places: inout [Int: Rectangle]
  ) {
    if !isRoot {
      let rectangle = Rectangle(x: origin.x, y: origin.y, width: width, height: height)
      marks.append(.group(rectangle, title: title, count: count, depth: depth))
    }
    for element in elements {
      let corner = Point(x: origin.x + element.x, y: origin.y + element.y)
      let rectangle = Rectangle(x: corner.x, y: corner.y, width: element.width, height: element.height)
      switch element.kind {
      case .entry, .exit: continue
      case .group(let container): container.place(at: corner, depth: depth + 1, &marks, &places)
      case .stack(let nodes):
        for node in nodes { places[node] = rectangle }
        switch picture.nodes[nodes[0]].kind {
        case .operation(let symbol): marks.append(.operation(rectangle, symbol: symbol))
        case .input(let name), .output(let name): marks.append(.name(rectangle, text: name))
        case .layer: marks.append(.stack(rectangle, nodes: nodes))
        }
      }
    }
    for wire in wires { marks.append(line(wire, origin)) }
    for element in elements {
      guard let text = shape(of: element), wires.contains(where: { elements[$0.from].nodes == element.nodes }) else {
        continue
      }
      let x = origin.x + laneX[element.lane] + 6
      marks.append(.shape(Point(x: x, y: origin.y + element.y + element.height + 15), text: text))
    }
  }

  private func line(_ wire: Wire, _ origin: Point) -> PictureLayout.Mark {
    let (from, to) = (elements[wire.from], elements[wire.to])
    let start = Point(x: from.x + outlet(from, wire.source), y: from.y + from.height)
    var end = Point(x: to.x + inlet(to, wire.source), y: to.y)
    let lane = laneX[wire.lane]
    var points = [start]
    // Wires leave a rank and come to one in the space between ranks.
    let leave = rankY[from.rank] + rankHeight[from.rank] + (from.height == 0 ? 8 : 9)
    let arrive = rankY[to.rank] - 9
    let passes = to.rank - from.rank > 1
    if case .stack(let nodes) = to.kind, case .operation = picture.nodes[nodes[0]].kind,
      abs((passes ? lane : start.x) - end.x) > 1
    {
      // An operation is met at its side.
      let x = passes ? lane : start.x
      if passes, abs(start.x - lane) > 0.5 { points += [Point(x: start.x, y: leave), Point(x: lane, y: leave)] }
      let middle = to.y + to.height / 2
      end = Point(x: x < end.x ? to.x : to.x + to.width, y: middle)
      points.append(Point(x: x, y: middle))
    } else if passes {
      if abs(start.x - lane) > 0.5 { points += [Point(x: start.x, y: leave), Point(x: lane, y: leave)] }
      if abs(end.x - lane) > 0.5 { points += [Point(x: lane, y: arrive), Point(x: end.x, y: arrive)] }
    } else if abs(start.x - end.x) > 0.5 {
      let turn = from.height == 0 ? leave : arrive
      points += [Point(x: start.x, y: turn), Point(x: end.x, y: turn)]
    }
    points.append(end)
    let hasArrow = if case .stack = to.kind { true } else { false }
    return .line(
      points.map { Point(x: $0.x + origin.x, y: $0.y + origin.y) }, hasArrow: hasArrow, isSide: false)
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
