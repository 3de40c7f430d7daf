import Graphs
import KernelContract

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

extension Softmax: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].axes
    return LayoutDecision(operands: [layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    return Lowering(
      calls: [softmaxCall(x, axis: axis, isGradient: false, operands: [.operand(0), .result])], mayOverwrite: [0])
  }
}

extension PlacedType {
  /// The operand's layout if each axis is evenly spaced, else the computed one.
  var axes: Layout { layout.flatMap { $0.axisStrides(type) == nil ? nil : $0 } ?? .computed(type) }
}

/// Softmax, or its gradient, of tensors that all lie like `x`, whose axes are evenly spaced.
func softmaxCall(
  _ x: LoweringSite.Tensor, axis: Int, isGradient: Bool, operands: [CallOperand]
) -> KernelCall {
  let shape = x.type.shape
  if x.layout.isImage ? axis == 1 : axis == x.type.rank - 1 {
    let rows = x.type.rank < 2 ? 1 : x.rows
    let function: RowSoftmax.Function = isGradient ? .softmaxGradient : .softmax
    return KernelCall(
      RowSoftmax(function, rows: rows, columns: shape[axis], rowStride: x.rowStride), operands: operands)
  }
  let order = x.layout.isImage ? [0, 2, 3] : Array(0..<x.type.rank)
  let outer = order.prefix { $0 != axis }.reduce(1) { $0 * shape[$1] }
  let inner = x.layout.axisStrides(x.type)?[axis] ?? 1
  return KernelCall(
    AxisSoftmax(isGradient: isGradient, outer: outer, extent: shape[axis], inner: inner), operands: operands)
}

/// The axes and shapes that softmax is tried with.
let softmaxSamples: [(axis: Int, shape: [Int])] = [
  (1, [5, 10]), (1, [3, 37]), (2, [2, 3, 16]), (1, [2, 19, 3, 4]), (1, [2, 3, 3, 4]), (1, [2, 5, 7]),
  (3, [2, 5, 3, 4]), (2, [2, 17, 3, 4]), (0, [5, 7]),
  (0, [9]),
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
