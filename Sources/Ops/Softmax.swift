import Graphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `e^x` divided by its sum along `axis`.
package struct Softmax: Op {
  package static let name = "softmax"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package static var samples: [Sample] { softmaxSamples.map { Sample(Self(axis: $0.axis), shapes: [$0.shape]) } }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try expectAxis(axis, rank: operands[0].rank)
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(SoftmaxGradient(axis: axis), adjoint.gradient, adjoint.result)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    result.forEachLine(axis) { places in
      let greatest = places.map { operands[0].values[$0] }.max() ?? 0
      let sum = places.reduce(0) { $0 + exp(operands[0].values[$1] - greatest) }
      for place in places { result.values[place] = exp(operands[0].values[place] - greatest) / sum }
    }
    return result
  }
}

/// The axes and shapes that softmax is tried with.
let softmaxSamples: [(axis: Int, shape: [Int])] = [
  (1, [5, 10]), (1, [3, 37]), (2, [2, 3, 16]), (1, [2, 19, 3, 4]), (1, [2, 3, 3, 4]), (1, [2, 5, 7]),
  (3, [2, 5, 3, 4]),
]

extension HostTensor {
  /// Calls `body` with the places of each line along `axis`.
  func forEachLine(_ axis: Int, _ body: ([Int]) -> Void) {
    let (outer, extent, inner) = around(axis)
    for first in 0..<outer {
      for last in 0..<inner { body((0..<extent).map { (first * extent + $0) * inner + last }) }
    }
  }
}
