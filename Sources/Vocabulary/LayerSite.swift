import Graphs

/// Where words expand: the graph that is built, and what the present layer is called. Creates parameters under PyTorch's names.
package final class LayerSite {
  package var builder = GraphBuilder()
  package let mode: GraphMode
  /// The extent of axis 0.
  package let batch: Int
  /// Fixes dropout.
  package let seed: UInt64
  /// What the nodes added next are for.
  package var phase = Origin.Phase.forward
  /// The path of labels of the present layer.
  package var path = ""
  /// The present layer is declared by `layer`: its parameters exist after its first use.
  package var isShared = false
  /// The first values of weights with two axes or more, where the user chose them.
  package var weightInitializer: ((WeightFans) -> Initializer?)?
  /// What the result of the present layer would be if it had not failed.
  package var fallback: ExampleType?
  /// The argument, as text, that would give the present layer another type of result; nil where none does. A size of 0 stands for any.
  package var remedy: ((_ wanted: ExampleType) -> String?)?
  /// How the deciding size of the present layer came about: `(192 + 2*2 - 11) / 4 + 1 = 47`.
  package var arithmetic: (() -> String)?
  /// The extent that the present layer makes of another extent of its input, nil where it does not fit; axes count from 0 after the
  /// channels.
  package var resize: ((_ extent: Int, _ axis: Int) -> Int?)?
  /// What the present layer adds to the summary.
  package var multiplyAdds = 0
  package var parameterCount = 0
  /// Every parameter and buffer, in the order of creation.
  package private(set) var variables: [(variable: Variable, shape: [Int], value: Value)] = []
  private var known: [String: Int] = [:]
  private var dropouts = 0
  private var reported = 0

  /// How many nodes the graph may have.
  private let nodeLimit: Int

  package init(mode: GraphMode, batch: Int, seed: UInt64, nodeLimit: Int = .max) {
    self.mode = mode
    self.batch = batch
    self.seed = seed
    self.nodeLimit = nodeLimit
  }

  /// Whether the graph may have no further node.
  package var isFull: Bool { builder.graph.nodes.count >= nodeLimit }

  /// Forgets what was noted about the layer before.
  package func begin(path: String, line: Int) {
    self.path = path
    fallback = nil
    remedy = nil
    arithmetic = nil
    resize = nil
    multiplyAdds = 0
    parameterCount = 0
    builder.origin = Origin(path: path, line: line, phase: phase)
  }

  /// The result of `op` as a tensor of one example; the element is that of the operand where it is a float.
  package func add(_ op: any Op, _ operands: [Value]) throws(WordError) -> Tensor {
    let value = try addScalar(op, operands)
    let type = builder.type(of: value)
    return Tensor(
      value: value, type: ExampleType(type.element == .bool ? .bool : .float32, Array(type.shape.dropFirst())))
  }

  /// The result of an op that takes the whole batch together, such as a loss.
  package func addScalar(_ op: any Op, _ operands: [Value]) throws(WordError) -> Value {
    if isFull { throw .tooManyNodes }
    do { return try builder.add(op, operands) } catch { throw WordError(error) }
  }

  /// A stand-in for a tensor that could not be computed: the graph is thrown away, the type goes on.
  package func placeholder(_ type: ExampleType) -> Tensor? {
    guard let value = try? builder.constant(0, type: type.batched(batch)) else { return nil }
    return Tensor(value: value, type: type)
  }

  /// A trained tensor of the present layer, by PyTorch's name for it (none where the layer is nothing else); nil for `initializer` means PyTorch's default, uniform in
  /// ±1/sqrt(fan_in). Weights of two axes or more follow the user's initialiser if there is one.
  package func parameter(
    _ name: String, _ shape: [Int], fans: WeightFans, initializer: Initializer? = nil, override: Initializer? = nil,
    isLazy: Bool = false
  ) throws(WordError) -> Value {
    let standard = initializer ?? .uniform(bound: 1 / Double(max(1, fans.fanIn)).squareRoot())
    let chosen = override ?? (shape.count >= 2 ? weightInitializer?(fans) : nil)
    return try variable(name, role: .parameter, shape, chosen ?? standard, isLazy: isLazy)
  }

  /// A tensor of the present layer that is saved but not trained.
  package func buffer(_ name: String, _ shape: [Int], _ initializer: Initializer) throws(WordError) -> Value {
    try variable(name, role: .buffer, shape, initializer)
  }

  private func variable(
    _ name: String, role: Variable.Role, _ shape: [Int], _ initializer: Initializer, isLazy: Bool = false
  ) throws(WordError) -> Value {
    let full = path.isEmpty ? name : name.isEmpty ? path : path + "." + name
    if let index = known[full] {
      guard isShared else { throw .duplicateParameter(full) }
      guard variables[index].shape == shape else {
        throw .sharedShape(name: full, before: variables[index].shape, now: shape)
      }
      return variables[index].value
    }
    let variable = Variable(name: full, role: role, initializer: initializer, isLazy: isLazy)
    let value: Value
    do { value = try builder.variable(variable, shape: shape) } catch { throw WordError(error) }
    known[full] = variables.count
    variables.append((variable, shape, value))
    if role == .parameter { parameterCount += shape.reduce(1, *) }
    return value
  }

  /// Expands in the name of a declared layer: its parameters are made at its first use.
  func `in`<Result>(
    _ layer: DeclaredLayer, _ body: () throws(WordError) -> Result
  ) throws(WordError) -> Result {
    let (outerPath, wasShared) = (path, isShared)
    path = layer.path
    isShared = true
    defer { (path, isShared) = (outerPath, wasShared) }
    return try body()
  }

  /// The names of the variables created since the last call.
  package func takeNewVariables() -> [String] {
    defer { reported = variables.count }
    return variables[reported...].map(\.variable.name)
  }

  /// The scalar feed that counts steps.
  package func step() throws(WordError) -> Value {
    do { return try builder.feed("step", role: .step, type: TensorType(.int32, [])) } catch { throw WordError(error) }
  }

  /// A number of its own for every dropout of the net.
  package func nextDropout() -> Int {
    dropouts += 1
    return dropouts - 1
  }
}

/// How many inputs and outputs each weight connects, as PyTorch's `_calculate_fan_in_and_fan_out` counts them.
package struct WeightFans: Hashable, Sendable {
  package var fanIn: Int
  package var fanOut: Int

  package init(fanIn: Int, fanOut: Int) {
    self.fanIn = fanIn
    self.fanOut = fanOut
  }
}

/// What a graph is made for: training computes the loss with dropout and batch statistics; evaluation is deterministic and has the
/// metrics.
package enum GraphMode: String, Hashable, Sendable {
  case training, evaluation
}
