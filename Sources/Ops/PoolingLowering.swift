import Graphs
import KernelContract

/// How all ops of pooling have their operands lie, and which kernels they call. `window` is nil for adaptive pooling.
struct PoolingLowering {
  var function: Pooling.Function
  var window: Window2D?

  /// x, where it is an image, stays as it is; everything computed has whole vectors.
  func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    if isIdentity(operands[0].type, result) {
      return LayoutDecision(operands: [operands[0].image], result: operands[0].image)
    }
    return LayoutDecision(operands: [operands[0].image], result: .computed(result))
  }

  /// Of dy → dx, or dy, x, y → dx, which lies like x.
  func gradientLayouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let dy = operands[0].wholeImage
    guard operands.count == 3 else {
      if isIdentity(operands[0].type, result) { return LayoutDecision(operands: [dy], result: dy) }
      return LayoutDecision(operands: [dy], result: .computed(result))
    }
    let x = operands[1].image
    return LayoutDecision(operands: [dy, x, dy], result: x)
  }

  func lower(_ site: LoweringSite) -> Lowering {
    if isIdentity(site.operands[0].type, site.result.type) { return Lowering(alias: 0, note: "a bin for each pixel") }
    let parameters = Pooling(function, windows(x: site.operands[0], y: site.result))
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result])])
  }

  func lowerGradient(_ site: LoweringSite) -> Lowering {
    if site.operands.count == 1, isIdentity(site.operands[0].type, site.result.type) {
      return Lowering(alias: 0, note: "a bin for each pixel")
    }
    let parameters = PoolingGradient(function, windows(x: site.result, y: site.operands[0]))
    return Lowering(calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])])
  }

  /// Whether adaptive pooling has as many bins as there are pixels: it then changes nothing.
  private func isIdentity(_ x: TensorType, _ y: TensorType) -> Bool { window == nil && x == y }

  private func windows(x: LoweringSite.Tensor, y: LoweringSite.Tensor) -> PoolingWindows {
    Self.windows(window, x: x, y: y)
  }

  static func windows(_ window: Window2D?, x: LoweringSite.Tensor, y: LoweringSite.Tensor) -> PoolingWindows {
    func axis(_ number: Int) -> PoolingWindows.Axis {
      let (input, output) = (x.type.shape[2 + number], y.type.shape[2 + number])
      guard let window else { return PoolingWindows.Axis(input: input, bins: output) }
      return PoolingWindows.Axis(
        input: input, output: output, kernel: window.kernel[number], stride: window.stride[number],
        padding: window.padding[number])
    }
    return PoolingWindows(
      images: x.type.shape[0], channels: x.type.shape[1], rows: axis(0), columns: axis(1), inputStride: x.rowStride,
      outputStride: y.rowStride)
  }
}
