import Graphs
import KernelContract

/// The checks that type rules are made of. Each throws the fact that does not hold.
extension [TensorType] {
  func expectCount(_ count: Int) throws(ShapeError) {
    if self.count != count { throw .operandCount(expected: count, found: self.count) }
  }

  func expectFloat(_ operand: Int) throws(ShapeError) {
    try expect(operand, element: .float32)
  }

  func expect(_ operand: Int, element: Graphs.Element) throws(ShapeError) {
    let found = self[operand].element
    if found != element { throw .element(operand: operand, expected: element, found: found) }
  }

  func expect(_ operand: Int, rank: ClosedRange<Int>) throws(ShapeError) {
    let found = self[operand].rank
    if !rank.contains(found) { throw .rank(operand: operand, expected: rank, found: found) }
  }

  /// Float32 with exactly this shape.
  func expect(_ operand: Int, shape: [Int]) throws(ShapeError) {
    try expectFloat(operand)
    try expectExtents(operand, shape)
  }

  /// Exactly this shape, whatever the element.
  func expectExtents(_ operand: Int, _ shape: [Int]) throws(ShapeError) {
    let found = self[operand].shape
    if found.count != shape.count {
      throw .rank(operand: operand, expected: shape.count...shape.count, found: found.count)
    }
    for axis in shape.indices where shape[axis] != found[axis] {
      throw .dimensionMismatch(operand: operand, axis: axis, expected: shape[axis], found: found[axis])
    }
  }

  /// The operands from `first` on: weight, states, learning rate and step, as an update takes them.
  func expectUpdate(_ update: OptimizerUpdate, from first: Int, shape: [Int]) throws(ShapeError) {
    guard update.kind != .none else { return try expectCount(first) }
    try expectCount(first + update.operandCount)
    for operand in first...(first + update.stateCount) { try expect(operand, shape: shape) }
    try expect(first + update.stateCount + 1, shape: [])
    try expect(first + update.stateCount + 2, element: .int32)
    try expectExtents(first + update.stateCount + 2, [])
  }

  /// The operands from `first` on: those of an epilogue on a result of type `result` with `columns` columns.
  func expectEpilogue(_ epilogue: Epilogue, from first: Int, result: TensorType, columns: Int) throws(ShapeError) {
    try expectCount(first + epilogue.operandCount)
    var operand = first
    if epilogue.bias {
      try expect(operand, shape: [columns])
      operand += 1
    }
    let vectors = Swift.max(0, epilogue.mask.operandCount - 1)
    for image in operand..<count - vectors { try expect(image, shape: result.shape) }
    for vector in count - vectors..<count { try expect(vector, shape: [columns]) }
  }
}

/// An attribute that counts something: at least `least`, and small enough for later arithmetic on it.
func expectAttribute(_ name: String, _ value: Int, atLeast least: Int) throws(ShapeError) {
  if value < least { throw .attribute(name: name, reason: "\(value) is less than \(least)") }
  if value > 1 << 30 { throw .attribute(name: name, reason: "\(value) is too large") }
}

/// An axis of a tensor of rank `rank`.
func expectAxis(_ axis: Int, rank: Int) throws(ShapeError) {
  if !(0..<rank).contains(axis) {
    throw .attribute(name: "axis", reason: "\(axis) is no axis of a tensor of rank \(rank)")
  }
}
