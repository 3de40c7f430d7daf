import Graphs

/// Repeats x along the axes in which it has extent 1 (or all, for a scalar) to fill `shape`.
package struct BroadcastTo: Op {
  package static let name = "broadcast_to"
  package var shape: [Int]

  package init(shape: [Int]) { self.shape = shape }

  package static var samples: [Sample] {
    [
      Sample(Self(shape: [3, 37]), shapes: [[]]),
      Sample(Self(shape: [3, 37]), shapes: [[3, 1]]),
      Sample(Self(shape: [3, 37]), shapes: [[1, 37]]),
      Sample(Self(shape: [2, 19, 3, 4]), shapes: [[2, 19, 1, 1]]),
      Sample(Self(shape: [2, 5, 3, 4]), shapes: [[1, 5, 3, 1]]),
      Sample(Self(shape: [2, 5, 3, 4]), shapes: [[]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try expectRepeats(operands[0].shape, of: shape)
    return TensorType(.float32, shape)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(SumTo(shape: adjoint.operandTypes[0].shape), adjoint.gradient)]
  }

  /// A repeated number is read where it is by elementwise ops.
  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    guard types.producerOperands[0].rank == 0, let consumer = consumer as? any ElementwiseOp,
      let chain = consumer.chain.repeating(position)
    else { return nil }
    return Absorbed(op: chain, appendedOperands: types.consumerOperands.indices.filter { $0 != position })
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: shape)
    for index in result.values.indices {
      result.values[index] = operands[0].values[operands[0].repeated(result.coordinates(index))]
    }
    return result
  }
}

extension BroadcastTo: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let x = operands[0]
    let layout = x.layout.flatMap { $0.axisStrides(x.type) == nil ? nil : $0 } ?? .computed(x.type)
    return LayoutDecision(operands: [layout], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (x, y) = (site.operands[0], site.result)
    guard let from = x.layout.axisStrides(x.type), let to = y.layout.axisStrides(y.type) else {
      throw .noKernel(op: name, reason: "the operand is not evenly spaced")
    }
    let loops = shape.indices.map { axis in
      LayoutCopy.Loop(
        extent: shape[axis], source: x.type.rank == 0 || x.type.shape[axis] == 1 ? 0 : from[axis], target: to[axis])
    }
    guard let call = LayoutCopy(loops: loops).call(from: .operand(0), to: .result) else {
      throw .noKernel(op: name, reason: "there are too many axes")
    }
    return Lowering(calls: [call])
  }
}

/// Throws unless `small` is scalar, or has the extents of `large` or 1 in every axis.
func expectRepeats(_ small: [Int], of large: [Int]) throws(ShapeError) {
  if small.isEmpty { return }
  if small.count != large.count {
    throw .rank(operand: 0, expected: large.count...large.count, found: small.count)
  }
  for axis in small.indices where small[axis] != 1 && small[axis] != large[axis] {
    throw .dimensionMismatch(operand: 0, axis: axis, expected: large[axis], found: small[axis])
  }
}

extension HostTensor {
  /// The place of the element that stands at `coordinates` of the tensor's repetition.
  func repeated(_ coordinates: [Int]) -> Int {
    rank == 0 ? 0 : place(shape.indices.map { shape[$0] == 1 ? 0 : coordinates[$0] })
  }
}
