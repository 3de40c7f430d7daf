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
    for (wire, route) in zip(wires, routes()) {
      let hasArrow = if case .stack = elements[wire.to].kind { true } else { false }
      let points = route.map { Point(x: $0.x + origin.x, y: $0.y + origin.y) }
      marks.append(.line(points, hasArrow: hasArrow, isSide: false))
    }
    for element in elements {
      guard let text = shape(of: element), wires.contains(where: { elements[$0.from].nodes == element.nodes }) else {
        continue
      }
      let x = origin.x + laneX[element.lane] + 6
      marks.append(.shape(Point(x: x, y: origin.y + element.y + element.height + 15), text: text))
    }
  }
}
