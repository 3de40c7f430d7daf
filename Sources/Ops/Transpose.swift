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
