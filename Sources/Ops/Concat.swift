import Graphs
import KernelContract

/// Tensors one behind the other along `axis`.
package struct Concat: Op {
  package static let name = "concat"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package static var samples: [Sample] {
    [
      Sample(Self(axis: 1), shapes: [[3, 5], [3, 16]]), Sample(Self(axis: 2), shapes: [[2, 3, 16], [2, 3, 16]]),
      Sample(Self(axis: 1), shapes: [[2, 3, 5], [2, 1, 5], [2, 4, 5]]),
      Sample(Self(axis: 1), shapes: [[2, 5, 3, 4], [2, 7, 3, 4]]), Sample(Self(axis: 1), shapes: [[2, 7]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    guard var result = operands.first else { throw .operandCount(expected: 1, found: 0) }
    try expectAxis(axis, rank: result.rank)
    var extent = 0
    for operand in operands.indices {
      try operands.expect(operand, element: result.element)
      var shape = result.shape
      guard operands[operand].rank == result.rank else {
        throw .rank(operand: operand, expected: result.rank...result.rank, found: operands[operand].rank)
      }
      shape[axis] = operands[operand].shape[axis]
      try operands.expectExtents(operand, shape)
      let (sum, overflow) = extent.addingReportingOverflow(shape[axis])
      if overflow { throw .tooLarge(shape: shape) }
      extent = sum
    }
    result.shape[axis] = extent
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    var gradients: [Value?] = []
    var start = 0
    for (type, needed) in zip(adjoint.operandTypes, adjoint.needed) {
      let part = Slice(axis: axis, start: start, count: type.shape[axis])
      gradients.append(needed && type.element == .float32 ? try builder.emit(part, adjoint.gradient) : nil)
      start += type.shape[axis]
    }
    return gradients
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let extents = operands.map { $0.shape[axis] }
    var shape = operands[0].shape
    shape[axis] = extents.reduce(0, +)
    var result = HostTensor(shape: shape)
    var start = 0
    for (operand, extent) in zip(operands, extents) {
      for index in operand.values.indices {
        var coordinates = operand.coordinates(index)
        coordinates[axis] += start
        result.values[result.place(coordinates)] = operand.values[index]
      }
      start += extent
    }
    return result
  }
}

extension Concat: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: operands.map(\.axes), result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    var calls: [KernelCall] = []
    var start = 0
    for (position, operand) in site.operands.enumerated() {
      calls.append(
        try copyOfPart(
          operand.type.shape, from: operand, .operand(position), to: site.result, .result, axis: axis, target: start,
          name: name))
      start += operand.type.shape[axis]
    }
    return Lowering(calls: calls)
  }
}

/// The call that copies `shape` elements from place `source` along `axis` of one tensor to place `target` of another.
func copyOfPart(
  _ shape: [Int], from x: LoweringSite.Tensor, _ from: CallOperand, to y: LoweringSite.Tensor, _ to: CallOperand,
  axis: Int, source: Int = 0, target: Int = 0, name: String
) throws(LoweringError) -> KernelCall {
  guard let a = x.layout.axisStrides(x.type), let b = y.layout.axisStrides(y.type) else {
    throw .noKernel(op: name, reason: "an operand is not evenly spaced")
  }
  let loops = shape.indices.map { LayoutCopy.Loop(extent: shape[$0], source: a[$0], target: b[$0]) }
  let copy = LayoutCopy(sourceStart: source * a[axis], targetStart: target * b[axis], loops: loops)
  guard let call = copy.call(from: from, to: to) else {
    throw .noKernel(op: name, reason: "there are too many axes")
  }
  return call
}
