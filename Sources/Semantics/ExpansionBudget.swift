/// How far the nets of a file may be expanded, all together: further than any file goes, and little enough to be refused within a moment.
struct ExpansionBudget {
  /// How many stages there may be, each turn of a loop counted as one.
  static let stageLimit = 50_000
  /// How many operations and tensors of weights there may be.
  static let nodeLimit = 200_000

  /// How many steps it may take to work out the values of expressions: each part of an expression, element of a list and comparison of two
  /// elements is one.
  static let stepLimit = 2_000_000

  /// What is left.
  private(set) var stages: Int
  private(set) var steps: Int
  private(set) var nodes: Int
  /// Whether a net went over it; nothing is expanded after that.
  var isExhausted = false

  init(stages: Int = stageLimit, steps: Int = stepLimit, nodes: Int = nodeLimit) {
    self.stages = stages
    self.steps = steps
    self.nodes = nodes
  }

  /// Which part of the budget was spent, from 0 to 1 unless several kinds of it were.
  var spentShare: Double {
    Double(Self.stageLimit - stages) / Double(Self.stageLimit) + Double(Self.stepLimit - steps) / Double(Self.stepLimit)
      + Double(Self.nodeLimit - nodes) / Double(Self.nodeLimit)
  }

  /// Takes one stage; false when there was none left.
  mutating func spendStage() -> Bool {
    if isExhausted { return false }
    stages -= 1
    if stages < 0 { isExhausted = true }
    return !isExhausted
  }

  /// Takes steps; false when there were not that many left.
  mutating func spend(steps count: Int) -> Bool {
    if isExhausted { return false }
    steps -= count
    if steps < 0 { isExhausted = true }
    return !isExhausted
  }

  /// Takes the nodes of a graph that is built.
  mutating func spend(nodes count: Int) { nodes -= count }
}
