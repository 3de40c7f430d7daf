import Graphs
import KernelContract

/// The positions `start ..< start + count` of one axis.
package struct Slice: Op {
  package static let name = "slice"
  package var axis: Int
  package var start: Int
  package var count: Int

  package init(axis: Int, start: Int, count: Int) {
    self.axis = axis
    self.start = start
    self.count = count
  }

  package static var samples: [Sample] {
    [
      Sample(Self(axis: 1, start: 2, count: 7), shapes: [[3, 37]]),
      Sample(Self(axis: 1, start: 36, count: 1), shapes: [[3, 37]]),
      Sample(Self(axis: 0, start: 1, count: 2), shapes: [[4, 5]]),
      Sample(Self(axis: 1, start: 3, count: 16), shapes: [[2, 19, 3, 4]]),
      Sample(Self(axis: 2, start: 1, count: 2), shapes: [[2, 19, 3, 4]]),
      Sample(Self(axis: 3, start: 0, count: 4), shapes: [[2, 5, 3, 4]]),
      Sample(Self(axis: 2, start: 1, count: 3), shapes: [[2, 3, 5, 4, 3]]),
      Sample(Self(axis: 0, start: 4, count: 9), shapes: [[21]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try expectAxis(axis, rank: operands[0].rank)
    let extent = operands[0].shape[axis]
    guard start >= 0, count >= 1, start <= extent, count <= extent - start else {
      throw .attribute(name: "count", reason: "\(count) positions from \(start) on are not within the \(extent)")
    }
    var result = operands[0]
    result.shape[axis] = count
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let extent = adjoint.operandTypes[0].shape[axis]
    return [try builder.emit(Pad(axis: axis, before: start, after: extent - start - count), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    var result = HostTensor(shape: x.shape.enumerated().map { $0 == axis ? count : $1 })
    for index in result.values.indices {
      var coordinates = result.coordinates(index)
      coordinates[axis] += start
      result.values[index] = x.values[x.place(coordinates)]
    }
    return result
  }
}

extension Slice: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].evenlySpaced], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let steps = try site.axisSteps(for: name)
    var copy = LayoutCopy(loops: site.result.type.shape.indices.map { steps.loop($0, site.result.type.shape[$0]) })
    copy.sourceStart = start * steps.source[axis]
    return Lowering(calls: [try copy.requiredCall(for: name)])
  }
}

extension PlacedType {
  /// The operand's layout if the neighbours along each axis are evenly spaced, else the computed one.
  var evenlySpaced: Layout { layout.flatMap { $0.axisStrides(type) == nil ? nil : $0 } ?? .computed(type) }
}

/// The distances in memory between neighbours along each axis, of operand 0 and of the result.
struct AxisSteps {
  var source: [Int]
  var target: [Int]

  func loop(_ axis: Int, _ extent: Int) -> LayoutCopy.Loop {
    LayoutCopy.Loop(extent: extent, source: source[axis], target: target[axis])
  }
}

extension LoweringSite {
  func axisSteps(for op: String) throws(LoweringError) -> AxisSteps {
    guard let source = operands[0].layout.axisStrides(operands[0].type),
      let target = result.layout.axisStrides(result.type)
    else { throw .noKernel(op: op, reason: "the operand is not evenly spaced") }
    return AxisSteps(source: source, target: target)
  }
}

extension LayoutCopy {
  /// The copy of operand 0 to the result.
  func requiredCall(for op: String) throws(LoweringError) -> KernelCall {
    guard let call = call(from: .operand(0), to: .result) else {
      throw .noKernel(op: op, reason: "there are too many axes")
    }
    return call
  }
}
