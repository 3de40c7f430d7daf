/// A tensor in a graph: the result of one node.
package struct Value: Hashable, Sendable, CustomStringConvertible {
  package let id: Int
  package init(id: Int) { self.id = id }
  package var description: String { "%\(id)" }
}

/// A network with its loss, gradient and updates as a list of single-result nodes, each after its operands.
/// An op that writes an operand in place (an optimizer's update) comes after every other reader of that operand.
package struct Graph: Sendable {
  package var nodes: [Node] = []
  /// What the graph is computed for: named results. Nodes whose op mutates are kept alive as well.
  package var outputs: [Output] = []

  package struct Output: Sendable {
    package var name: String
    package var value: Value
    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  package init() {}

  package subscript(value: Value) -> Node { nodes[value.id] }

  /// For each node, the nodes that read it, in order.
  package var users: [[Int]] {
    var users = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for operand in node.operands where users[operand.id].last != index { users[operand.id].append(index) }
    }
    return users
  }
}

/// One step of a graph: where a tensor comes from, its type, and the place in the user's file that asked for it.
package struct Node: Sendable {
  package enum Kind: Sendable {
    case feed(Feed)
    case variable(Variable)
    /// Every element has this value.
    case constant(Double)
    case op(any Op)
  }
  package var kind: Kind
  package var operands: [Value]
  package var type: TensorType
  package var origin: Origin

  package init(kind: Kind, operands: [Value], type: TensorType, origin: Origin) {
    self.kind = kind
    self.operands = operands
    self.type = type
    self.origin = origin
  }

  package var op: (any Op)? { if case .op(let op) = kind { op } else { nil } }
  package var variable: Variable? { if case .variable(let variable) = kind { variable } else { nil } }
}

/// A tensor that is given anew for each step.
package struct Feed: Hashable, Sendable {
  package enum Role: String, Hashable, Sendable {
    /// An input or a target of the net: one example per position of axis 0.
    case input, target
    /// A target of the examples that are mixed into those of the batch; it is called `TARGET.mixed`.
    case mixedTarget
    /// A scalar f32: how much of an example is left where another is mixed into it.
    case mixingShare
    /// A scalar f32: the optimizer's rate at this step.
    case learningRate
    /// A scalar index: the number of this step, from 1.
    case step
    /// A scalar index: the place of a sequence that is computed, from 0.
    case place
    /// For each row and each place of the sequences that are computed, the row whose memory holds that place: an index [rows, places].
    case origins
  }
  package var name: String
  package var role: Role
  package init(name: String, role: Role) {
    self.name = name
    self.role = role
  }

  /// What the name of a mixed target has behind that of the target.
  package static let mixedSuffix = ".mixed"
}

/// A tensor that lives as long as the run.
package struct Variable: Hashable, Sendable {
  package enum Role: String, Hashable, Sendable {
    /// Trained: gets a gradient and an update.
    case parameter
    /// Saved with the weights but not trained by gradient (running statistics).
    case buffer
    /// The optimizer's memory of one parameter.
    case optimizerState
    /// What has been computed for a sequence so far; never saved.
    case memory
  }
  /// The path of labels and PyTorch's name of the parameter: `layer1.0.conv1.weight`.
  package var name: String
  package var role: Role
  package var initializer: Initializer
  /// Whether updates leave alone, memory included, what has a gradient of exactly zero.
  package var isLazy: Bool

  package init(name: String, role: Role, initializer: Initializer, isLazy: Bool = false) {
    self.name = name
    self.role = role
    self.initializer = initializer
    self.isLazy = isLazy
  }
}

/// The distribution of a variable's first values. Draws are keyed by seed and variable name.
package enum Initializer: Hashable, Sendable {
  case constant(Double)
  /// Uniform in [-bound, bound).
  case uniform(bound: Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Normal with mean 0 and, before its tails were cut off, this deviation; within [-bound, bound].
  case truncatedNormal(standardDeviation: Double, bound: Double)
  /// The first axis against all others is a matrix with orthogonal rows, or columns where there are fewer, of length `gain`.
  case orthogonal(gain: Double)
  /// `gain` where the first and the second axis have the same position and all others the middle one, else 0.
  case identity(gain: Double)
}

/// The place in the user's file that a node stands for.
package struct Origin: Hashable, Sendable {
  package enum Phase: String, Hashable, Sendable { case forward, loss, metric, gradient, update }
  /// The path of labels: `layer1.0.conv1`.
  package var path: String
  /// The line in the `.net` file, from 1; 0 when no line asked for the node.
  package var line: Int
  package var phase: Phase
  package init(path: String = "", line: Int = 0, phase: Phase = .forward) {
    self.path = path
    self.line = line
    self.phase = phase
  }
}
