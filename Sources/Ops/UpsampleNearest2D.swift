import Graphs
import KernelContract

/// Each pixel `factor[0]` times down and `factor[1]` times across: x [N, C, H, W] → [N, C, H * f0, W * f1].
package struct UpsampleNearest2D: Op {
  package static let name = "upsample_nearest2d"
  package var factor: [Int]

  package init(factor: [Int]) { self.factor = factor }

  /// Factors with shapes that the ops of enlarging are tried with.
  static let sampleShapes: [(factor: [Int], x: [Int])] = [
    ([2, 2], [2, 5, 3, 4]), ([3, 1], [1, 19, 2, 3]), ([1, 4], [2, 16, 1, 5]), ([2, 3], [1, 33, 1, 1]),
  ]

  package static var samples: [Sample] { sampleShapes.map { Sample(Self(factor: $0.factor), shapes: [$0.x]) } }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try enlarged(operands[0], factor)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    // The sum over a window is its mean times its size.
    let window = Window2D(kernel: factor, stride: factor)
    let means = try builder.emit(AveragePool2D(window: window, countPadding: true), adjoint.gradient)
    return [try builder.emit(Scale(factor: Double(factor[0] * factor[1])), means)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    var result = HostTensor(shape: [x.shape[0], x.shape[1], x.shape[2] * factor[0], x.shape[3] * factor[1]])
    for index in result.values.indices {
      var coordinates = result.coordinates(index)
      for axis in 0..<2 { coordinates[2 + axis] /= factor[axis] }
      result.values[index] = x.values[x.place(coordinates)]
    }
    return result
  }
}

extension UpsampleNearest2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].image], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let steps = try site.axisSteps(for: name)
    let shape = site.operands[0].type.shape
    var loops = [steps.loop(0, shape[0]), steps.loop(1, shape[1])]
    for axis in 2..<4 {
      let step = steps.target[axis]
      loops += [
        LayoutCopy.Loop(extent: shape[axis], source: steps.source[axis], target: step * factor[axis - 2]),
        LayoutCopy.Loop(extent: factor[axis - 2], source: 0, target: step),
      ]
    }
    return Lowering(calls: [try LayoutCopy(loops: loops).requiredCall(for: name)])
  }
}

/// The type of images that are enlarged by whole factors.
func enlarged(_ x: TensorType, _ factor: [Int]) throws(ShapeError) -> TensorType {
  try [x].expectFloat(0)
  try [x].expect(0, rank: 4...4)
  if factor.count != 2 { throw .attribute(name: "factor", reason: "there must be two numbers") }
  var shape = x.shape
  for axis in 0..<2 {
    try expectAttribute("factor", factor[axis], atLeast: 1)
    let (extent, overflow) = shape[2 + axis].multipliedReportingOverflow(by: factor[axis])
    if overflow { throw .tooLarge(shape: x.shape) }
    shape[2 + axis] = extent
  }
  guard TensorType(.float32, shape).checkedCount != nil else { throw .tooLarge(shape: shape) }
  return TensorType(.float32, shape)
}
