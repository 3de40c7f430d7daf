import Graphs

/// Two graphs out of one that computes a whole sequence for one example: `once` has what does not depend on the sequence, `step` one
/// place of `rows` sequences at a time, with what it has to remember in variables. Ops add to it; see `SequentialOp`.
package struct StepBuilder {
  /// An operand of an op that is cut into places.
  package enum Operand {
    /// The sequence itself.
    case sequence
    /// One place of what depends on the sequence, in `step`.
    case place(Value)
    /// What does not depend on the sequence, in `once`, for one example.
    case whole(Value)
  }

  package var once: GraphBuilder
  package var step = GraphBuilder()
  package let rows: Int
  /// How many places a sequence has at most.
  package let places: Int
  /// The numbers that each row reads of its sequence: index [rows, 1].
  private let tokens: Value
  /// See `Feed.Role.place` and `Feed.Role.origins`.
  package let placeNumber: Value
  package let origins: Value
  /// What stands before the first place, where the net reads the sequence one place late; then each place is given what stands before it.
  package private(set) var start: Int?
  private var readsOwnPlace = false
  /// What `step` knows values of `once` as.
  private var known: [Value: Value] = [:]
  private var memories = 0

  /// - Parameter name: the input that gives the sequence.
  package init(_ name: String, rows: Int, places: Int, once: GraphBuilder) throws(ShapeError) {
    self.once = once
    self.rows = rows
    self.places = places
    tokens = try step.feed(name, role: .input, type: TensorType(.int32, [rows, 1]))
    placeNumber = try step.feed("place", role: .place, type: TensorType(.int32, []))
    origins = try step.feed("origins", role: .origins, type: TensorType(.int32, [rows, places]))
  }

  /// Whether all readers of the sequence read it alike: at its place, or one place late.
  package var isConsistent: Bool { start == nil || !readsOwnPlace }

  /// The sequence at the place.
  package mutating func ownPlace() -> Value {
    readsOwnPlace = true
    return tokens
  }

  /// The sequence one place before, `start` before the first; nil if another start is known.
  package mutating func placeBefore(start: Int) -> Value? {
    guard self.start == nil || self.start == start else { return nil }
    self.start = start
    return tokens
  }

  /// Adds an op that treats each place by itself, in the same way.
  package mutating func addRowwise(_ op: any Op, _ operands: [Operand]) throws(ShapeError) -> Value? {
    guard case .place(let first) = operands[0], step.type(of: first).rank >= 3 else { return nil }
    var values = [first]
    for operand in operands.dropFirst() {
      guard case .whole(let value) = operand, let known = try read(value) else { return nil }
      values.append(known)
    }
    return try step.add(op, values)
  }

  /// A value of `once` as `step` reads it: variables themselves, results through a variable. Nil for what is given.
  package mutating func read(_ value: Value) throws(ShapeError) -> Value? {
    if let value = known[value] { return value }
    let node = once.graph[value]
    let result: Value
    switch node.kind {
    case .feed: return nil
    case .variable(let variable):
      result = try step.variable(variable, shape: node.type.shape, element: node.type.element)
    case .constant(let number): result = try step.constant(number, type: node.type)
    case .op:
      guard node.type.element != .int32 else { return nil }
      let variable = nextMemory()
      result = try step.variable(variable, shape: node.type.shape, element: node.type.element)
      let kept = try once.variable(variable, shape: node.type.shape, element: node.type.element)
      _ = try once.add(Assign(), [kept, value])
    }
    known[value] = result
    return result
  }

  /// The place that is computed of a value of `once` [1, places, D], for every row.
  package mutating func onePlace(of value: Value) throws(ShapeError) -> Value? {
    let type = once.type(of: value)
    guard type.rank == 3, type.shape[0] == 1, type.shape[1] == places, type.element == .float32,
      let whole = try read(value)
    else { return nil }
    let one = try step.add(PlaceRead(), [whole, placeNumber])
    return rows == 1 ? one : try step.add(BroadcastTo(shape: [rows, 1, type.shape[2]]), [one])
  }

  /// A memory of all places [rows, places, D], to which the present one is added.
  package mutating func remember(_ value: Value) throws(ShapeError) -> Value {
    let width = step.type(of: value).shape[2]
    let memory = try step.variable(nextMemory(), shape: [rows, places, width])
    return try step.add(PlaceWrite(), [memory, value, placeNumber])
  }

  private mutating func nextMemory() -> Variable {
    memories += 1
    return Variable(name: "memory \(memories)", role: .memory, initializer: .constant(0))
  }
}
