/// How one spatial axis of a pass (a convolution, or its data gradient) maps result pixels to source pixels.
///
/// Results are cut into phases: result pixel `first + q * phases` sums the taps `t` of its phase, each from source pixel
/// `source + q * sourceStep + t * sourceTapStep` with the stored tap `firstTap + t * tapStep`. A convolution has one
/// phase; the gradient with respect to its input has as many as the stride, and taps stored in reverse.
package struct ConvolutionAxis: Sendable, Hashable {
  package struct Phase: Sendable {
    package var first: Int
    package var count: Int
    package var taps: Int
    package var firstTap: Int
    package var tapStep: Int
    package var source: Int
    package var sourceStep: Int
    package var sourceTapStep: Int
  }

  /// Extents in pixels.
  package let sourceExtent: Int
  package let resultExtent: Int
  package let kernel: Int
  package let stride: Int
  package let dilation: Int
  /// Padding before the input of the convolution.
  package let before: Int
  package let isGradient: Bool

  /// The axis of the convolution itself, or of the gradient with respect to its input.
  /// - Parameter isPaired: whether a last result without a neighbour is left out.
  package init(_ axis: Conv2DShape.Axis, isGradient: Bool, isPaired: Bool = false) {
    sourceExtent = isGradient ? axis.output : axis.input
    let results = isGradient ? axis.input : axis.output
    resultExtent = isPaired ? results / 2 * 2 : results
    kernel = axis.kernel
    stride = axis.stride
    dilation = axis.dilation
    before = axis.before
    self.isGradient = isGradient
  }

  package var phases: Int { isGradient ? stride : 1 }

  /// Phase number `index`. Output pixel `o` reads input pixel `o * stride + k * dilation - before` with tap `k`; solved
  /// for `o`, the taps of one residue of the stride make a convolution of stride 1.
  package func phase(_ index: Int) -> Phase {
    guard isGradient else {
      return Phase(
        first: 0, count: resultExtent, taps: kernel, firstTap: 0, tapStep: 1, source: -before, sourceStep: stride,
        sourceTapStep: dilation)
    }
    let divisor = greatestCommonDivisor(stride, dilation)
    let tapStep = stride / divisor
    let residue = (index + before) % stride
    let firstKernel = (0..<tapStep).first { $0 * dilation % stride == residue } ?? kernel
    let taps = firstKernel < kernel ? (kernel - 1 - firstKernel) / tapStep + 1 : 0
    let lastKernel = firstKernel + (taps - 1) * tapStep
    return Phase(
      first: index, count: max(0, ceilingQuotient(resultExtent - index, stride)), taps: taps,
      firstTap: kernel - 1 - lastKernel, tapStep: tapStep, source: (index + before - lastKernel * dilation) / stride,
      sourceStep: 1, sourceTapStep: dilation / divisor)
  }

  /// The source pixels that the results `first ..< end` need, some of them perhaps outside of the source; `first` is a
  /// multiple of `phases`.
  package func sourceRange(_ first: Int, _ end: Int) -> Range<Int> {
    var low = Int.max
    var high = Int.min
    for index in 0..<phases {
      let phase = phase(index)
      let q = first / phases
      let endQ = ceilingQuotient(end - index, phases)
      guard phase.taps > 0, endQ > q else { continue }
      low = min(low, phase.source + q * phase.sourceStep)
      high = max(high, phase.source + (endQ - 1) * phase.sourceStep + (phase.taps - 1) * phase.sourceTapStep + 1)
    }
    return low < high ? low..<high : 0..<1
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (a, b)
  while y != 0 { (x, y) = (y, x % y) }
  return x
}
