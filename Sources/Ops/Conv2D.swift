import Graphs
import KernelContract

/// 2-D convolution (cross-correlation, as in PyTorch): x [N, C, H, W], w [OC, C / groups, KH, KW] → [N, OC, OH, OW]; then
/// the epilogue, whose operands follow.
package struct Conv2D: Op {
  package static let name = "conv2d"
  package var stride: [Int]
  package var padding: Padding2D
  package var dilation: [Int]
  package var groups: Int
  /// Whether an algorithm is ruled out whose sums are less exact than the plain ones.
  package var isPrecise: Bool
  package var epilogue: Epilogue
  /// What becomes of x first: its operands, two vectors [C], stand last.
  package var normalization: InputNormalization

  package init(
    stride: [Int] = [1, 1], padding: Padding2D = Padding2D(0), dilation: [Int] = [1, 1], groups: Int = 1,
    isPrecise: Bool = false, epilogue: Epilogue = Epilogue(), normalization: InputNormalization = .none
  ) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.isPrecise = isPrecise
    self.epilogue = epilogue
    self.normalization = normalization
  }

  /// Convolutions with the shapes of x and w.
  package static let sampleShapes: [(op: Conv2D, x: [Int], w: [Int])] = [
    (Conv2D(), [2, 3, 5, 6], [4, 3, 3, 3]),
    (Conv2D(padding: Padding2D(1)), [1, 1, 7, 7], [19, 1, 3, 3]),
    (Conv2D(padding: Padding2D(1)), [2, 16, 5, 5], [16, 16, 3, 3]),
    (Conv2D(padding: Padding2D(1)), [3, 32, 8, 9], [19, 32, 3, 3]),
    (Conv2D(padding: Padding2D(2)), [3, 32, 7, 8], [33, 32, 5, 5]),
    (Conv2D(padding: Padding2D(top: 0, bottom: 2, left: 1, right: 0)), [4, 48, 6, 6], [32, 48, 3, 3]),
    (Conv2D(), [2, 20, 4, 3], [37, 20, 1, 1]),
    (Conv2D(stride: [2, 2]), [2, 17, 5, 5], [33, 17, 1, 1]),
    (Conv2D(stride: [2, 2], padding: Padding2D(3)), [1, 3, 11, 10], [18, 3, 7, 7]),
    (Conv2D(stride: [2, 1], padding: Padding2D(1), dilation: [1, 2]), [2, 5, 8, 9], [6, 5, 3, 3]),
    (Conv2D(padding: Padding2D(top: 1, bottom: 0, left: 2, right: 1)), [1, 18, 4, 5], [7, 18, 2, 3]),
    (Conv2D(stride: [3, 3], padding: Padding2D(1), dilation: [2, 2]), [1, 4, 10, 11], [5, 4, 3, 3]),
    (Conv2D(padding: Padding2D(1), groups: 2), [2, 8, 5, 4], [6, 4, 3, 3]),
    (Conv2D(padding: Padding2D(1), groups: 2), [1, 40, 4, 4], [34, 20, 3, 3]),
    (Conv2D(stride: [2, 2], padding: Padding2D(1), groups: 19), [2, 19, 6, 5], [19, 1, 3, 3]),
    (Conv2D(padding: Padding2D(1), groups: 3), [1, 3, 5, 5], [6, 1, 3, 3]),
    (Conv2D(padding: Padding2D(1, mode: .reflect)), [2, 3, 5, 5], [5, 3, 3, 3]),
    (Conv2D(stride: [2, 2], padding: Padding2D(2, mode: .replicate)), [1, 17, 6, 5], [5, 17, 3, 3]),
    (Conv2D(padding: Padding2D(0, mode: .replicate)), [2, 5, 5, 6], [7, 5, 3, 3]),
    (Conv2D(stride: [2, 2], padding: Padding2D(0, mode: .reflect), groups: 2), [2, 6, 7, 5], [4, 3, 3, 2]),
  ]

  /// Further ones, large enough for Winograd's algorithms or several blocks of channels; too large for finite differences.
  package static let largeSampleShapes: [(op: Conv2D, x: [Int], w: [Int])] = [
    (Conv2D(padding: Padding2D(1)), [1, 17, 30, 28], [20, 17, 3, 3]),
    (Conv2D(padding: Padding2D(2)), [1, 16, 27, 26], [16, 16, 5, 5]),
    (Conv2D(stride: [2, 2], padding: Padding2D(1)), [2, 144, 7, 6], [20, 144, 3, 3]),
    (Conv2D(padding: Padding2D(1), groups: 2), [1, 40, 6, 5], [32, 20, 3, 3]),
  ]

  package static var samples: [Sample] {
    sampleShapes.map { Sample($0.op, shapes: [$0.x, $0.w]) }
      + largeSampleShapes.map { Sample($0.op, shapes: [$0.x, $0.w], checksGradient: false) }
      + (sampleShapes + largeSampleShapes).filter { $0.op.normalizesInput(x: $0.x, w: $0.w) }.flatMap { sample in
        [InputNormalization.linear, .rectified].map { normalization in
          var op = sample.op
          op.normalization = normalization
          let vectors = [[Int]](repeating: [sample.x[1]], count: normalization.operandCount)
          return Sample(op, shapes: [sample.x, sample.w] + vectors, checksGradient: false)
        }
      }
      + [
        Sample(
          Self(padding: Padding2D(1), epilogue: Epilogue(bias: true, activation: .relu)),
          shapes: [[2, 3, 5, 5], [19, 3, 3, 3], [19]], checksGradient: false),
        Sample(
          Self(epilogue: Epilogue(bias: true, residual: true, activation: .relu)),
          shapes: [[2, 17, 3, 3], [5, 17, 1, 1], [5], [2, 5, 3, 3]], checksGradient: false),
        Sample(
          Self(padding: Padding2D(1), groups: 19, epilogue: Epilogue(bias: true, activation: .tanh)),
          shapes: [[2, 19, 3, 3], [19, 1, 3, 3], [19]], checksGradient: false),
        Sample(
          Self(padding: Padding2D(1), groups: 2, epilogue: Epilogue(bias: true)),
          shapes: [[2, 4, 3, 3], [6, 2, 3, 3], [6]], checksGradient: false),
      ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count < 2 { throw .operandCount(expected: 2 + epilogue.operandCount, found: operands.count) }
    for operand in 0..<2 {
      try operands.expectFloat(operand)
      try operands.expect(operand, rank: 4...4)
    }
    for (name, values) in [("stride", stride), ("dilation", dilation)] where values.count != 2 {
      throw .attribute(name: name, reason: "there must be two numbers")
    }
    try expectAttribute("groups", groups, atLeast: 1)
    let (x, w) = (operands[0].shape, operands[1].shape)
    if x[1] % groups != 0 { throw .notDivisible(what: "input channels", value: x[1], by: groups) }
    if w[0] % groups != 0 { throw .notDivisible(what: "output channels", value: w[0], by: groups) }
    if w[1] != x[1] / groups { throw .dimensionMismatch(operand: 1, axis: 1, expected: x[1] / groups, found: w[1]) }
    let height = try windowPositions(
      axis: 2, extent: x[2], before: padding.top, after: padding.bottom, window: w[2], stride: stride[0],
      dilation: dilation[0])
    let width = try windowPositions(
      axis: 3, extent: x[3], before: padding.left, after: padding.right, window: w[3], stride: stride[1],
      dilation: dilation[1])
    if padding.mode == .reflect {
      let widest = [max(padding.top, padding.bottom), max(padding.left, padding.right)]
      for axis in 0..<2 where widest[axis] >= x[2 + axis] {
        throw .attribute(
          name: "padding", reason: "\(widest[axis]) cannot be mirrored from an extent of \(x[2 + axis])")
      }
    }
    let result = TensorType(.float32, [x[0], w[0], height, width])
    let vectors = operands.count - normalization.operandCount
    try Array(operands[..<Swift.max(2, vectors)]).expectEpilogue(epilogue, from: 2, result: result, columns: w[0])
    if normalization != .none { try operands.expectChannels(vectors..<operands.count, x[1]) }
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    // Fusion, which fills in epilogues, comes after differentiation.
    guard epilogue.isEmpty, normalization == .none else { throw .notDifferentiable(op: name) }
    let (x, w) = (adjoint.operands[0], adjoint.operands[1])
    let data = Conv2DDataGradient(forward: self, inputShape: adjoint.operandTypes[0].shape)
    let weight = Conv2DWeightGradient(forward: self, weightShape: adjoint.operandTypes[1].shape)
    return [
      adjoint.needed[0] ? try builder.emit(data, adjoint.gradient, w) : nil,
      adjoint.needed[1] ? try builder.emit(weight, x, adjoint.gradient) : nil,
    ]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let w = operands[1]
    let x = normalization.reference(
      operands[0], axis: 1, operands: operands, from: operands.count - normalization.operandCount)
    let height = positions(0, x.shape, w.shape)
    let width = positions(1, x.shape, w.shape)
    var result = HostTensor(shape: [x.shape[0], w.shape[0], height, width])
    forEachProduct(x: x.shape, w: w.shape, y: result.shape) { x0, w0, y0 in
      result.values[y0] += x.values[x0] * w.values[w0]
    }
    return epilogue.reference(result, axis: 1, operands: operands, from: 2)
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    epilogue.absorbing(consumer, at: position, columns: 1).map {
      var fused = self
      fused.epilogue = $0.epilogue
      return Absorbed(op: fused, appendedOperands: $0.appendedOperands)
    }
  }

  /// The windows along axis 0 (rows) or 1 (columns) of operands that fit.
  private func positions(_ axis: Int, _ x: [Int], _ w: [Int]) -> Int {
    let around = axis == 0 ? padding.top + padding.bottom : padding.left + padding.right
    return (x[2 + axis] + around - dilation[axis] * (w[2 + axis] - 1) - 1) / stride[axis] + 1
  }

  /// Calls `body` with the places of the factors and of the sum of each product that the convolution consists of.
  func forEachProduct(x: [Int], w: [Int], y: [Int], _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    let outputsPerGroup = w[0] / groups
    for n in 0..<y[0] {
      for oc in 0..<y[1] {
        for oh in 0..<y[2] {
          for ow in 0..<y[3] {
            for ic in 0..<w[1] {
              for kh in 0..<w[2] {
                for kw in 0..<w[3] {
                  let h = padding.source(oh * stride[0] + kh * dilation[0] - padding.top, extent: x[2])
                  let v = padding.source(ow * stride[1] + kw * dilation[1] - padding.left, extent: x[3])
                  guard let h, let v else { continue }
                  let channel = oc / outputsPerGroup * w[1] + ic
                  body(
                    ((n * x[1] + channel) * x[2] + h) * x[3] + v, ((oc * w[1] + ic) * w[2] + kh) * w[3] + kw,
                    ((n * y[1] + oc) * y[2] + oh) * y[3] + ow)
                }
              }
            }
          }
        }
      }
    }
  }
}
