import Semantics

/// Where everything of a picture lies: a column for each path that nothing joins, groups as boxes within, branches side by side.
struct PictureLayout {
  /// What is to be drawn, in the order of drawing.
  enum Mark {
    case group(Rectangle, title: String, count: Int, depth: Int)
    case stack(Rectangle, nodes: [Int])
    case operation(Rectangle, symbol: String)
    /// An input or output.
    case name(Rectangle, text: String)
    /// Straight lines with rounded corners.
    case line([Point], hasArrow: Bool, isSide: Bool)
    case shape(Point, text: String)
  }

  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  struct Rectangle {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var middle: Point { Point(x: x + width / 2, y: y + height / 2) }
  }

  private(set) var marks: [Mark] = []
  private(set) var width = 0.0
  private(set) var height = 0.0
  private let picture: Picture
  /// Where the stack or operation of each node lies.
  private var places: [Int: Rectangle] = [:]
  /// The box of the outermost groups' columns.
  private var columns: [(nodes: Set<Int>, left: Double, right: Double)] = []

  init(_ picture: Picture) {
    self.picture = picture
    var x = 0.0
    let parts = components(of: picture.root.children)
    for part in parts {
      var container = Container(Picture.Group(title: "", children: part), picture, isRoot: true)
      container.arrange()
      let members = Set(part.flatMap { Picture.Group(title: "", children: [$0]).nodes })
      let sideInputs = members.contains { node in
        picture.nodes[node].inputs.contains { !$0.isMain && picture.nodes[$0.source].type.element != .bool }
      }
      if x > 0 || sideInputs { x += sideInputs ? 44 : 28 }
      columns.append((members, x, x + container.width))
      container.place(at: Point(x: x, y: 0), depth: 0, &marks, &places)
      x += container.width
      height = max(height, container.height)
    }
    width = x
    addSideLines()
  }

  /// Children that main wires join, apart from each other.
  private func components(of children: [Picture.Child]) -> [[Picture.Child]] {
    var owner: [Int: Int] = [:]
    let members = children.map { Picture.Group(title: "", children: [$0]).nodes }
    for (index, nodes) in members.enumerated() { for node in nodes { owner[node] = index } }
    var label = Array(children.indices)
    func find(_ index: Int) -> Int { label[index] == index ? index : find(label[index]) }
    for (index, nodes) in members.enumerated() {
      for node in nodes {
        for edge in picture.nodes[node].inputs where edge.isMain {
          guard let source = owner[edge.source] else { continue }
          let (a, b) = (find(source), find(index))
          label[max(a, b)] = min(a, b)
        }
      }
    }
    let roots = children.indices.map(find)
    return Set(roots).sorted().map { root in children.indices.filter { roots[$0] == root }.map { children[$0] } }
  }

  /// Keys of an attention and the like come in from the left.
  private mutating func addSideLines() {
    var channels: [Int: Double] = [:]
    for target in places.keys.sorted() {
      for edge in picture.nodes[target].inputs where !edge.isMain {
        guard let from = places[edge.source], let to = places[target],
          let column = columns.first(where: { $0.nodes.contains(target) })
        else { continue }
        let channel = channels[edge.source] ?? column.left - 16 - Double(channels.count) * 8
        channels[edge.source] = channel
        let start = Point(x: from.middle.x, y: from.y + from.height)
        let turn = start.y + 16
        marks.append(
          .line(
            [
              start, Point(x: start.x, y: turn), Point(x: channel, y: turn), Point(x: channel, y: to.middle.y),
              Point(x: to.x, y: to.middle.y),
            ], hasArrow: true, isSide: true))
        height = max(height, turn + 8)
      }
    }
  }
}
