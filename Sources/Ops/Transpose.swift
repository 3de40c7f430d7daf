import Graphs

/// The axes in another order: axis i of the result is axis `axes[i]` of x.
package struct Transpose: Op {
  package static let name = "transpose"
  package var axes: [Int]

  package init(axes: [Int]) { self.axes = axes }

  package static var samples: [Sample] {
    [
      Sample(Self(axes: [1, 0]), shapes: [[3, 37]]),
      Sample(Self(axes: [0, 2, 1]), shapes: [[2, 5, 19]]),
      Sample(Self(axes: [0, 2, 3, 1]), shapes: [[2, 5, 3, 4]]),
      Sample(Self(axes: [0, 3, 1, 2]), shapes: [[2, 5, 3, 18]]),
      Sample(Self(axes: [0, 1, 2]), shapes: [[2, 5, 3]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    if axes.sorted() != Array(0..<operands[0].rank) {
      throw .attribute(name: "axes", reason: "\(axes) is no order of \(operands[0].rank) axes")
    }
    return TensorType(operands[0].element, axes.map { operands[0].shape[$0] })
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    var inverse = axes
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return [try builder.emit(Transpose(axes: inverse), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    var result = HostTensor(shape: axes.map { x.shape[$0] })
    for index in x.values.indices {
      let coordinates = x.coordinates(index)
      result.values[result.place(axes.map { coordinates[$0] })] = x.values[index]
    }
    return result
  }
}

extension Transpose: Executable {
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
    let loops = axes.enumerated().map { LayoutCopy.Loop(extent: y.type.shape[$0], source: from[$1], target: to[$0]) }
    guard let call = LayoutCopy(loops: loops).call(from: .operand(0), to: .result) else {
      throw .noKernel(op: name, reason: "there are too many axes")
    }
    return Lowering(calls: [call])
  }
}
