/// The choice between the direct convolution and Winograd's algorithms for one pass, by a model of their work. It
/// depends on the shape alone, so that a plan is the same wherever it is made.
///
/// Work is counted in multiply-adds at the rate of the direct convolution's register tiles. The constants were fitted
/// to times of both on layers of 4x4 to 224x224 pixels and 16 to 512 channels.
package struct ConvolutionChoice: Sendable {
  package enum Pass: Sendable {
    case forward, dataGradient, weightGradient
  }

  /// Nil: the direct convolution.
  package let transform: WinogradTransform?
  /// One line for a reader of the plan.
  package let reason: String

  /// The products are shorter than a direct convolution's, and their results go through memory.
  private static let productWork = 1.1
  /// A vector of a transformed tile, divided by its lanes and its share of the products.
  private static let tileWork = 11.0
  /// The same of a transformed weight: stored for all items, kept in an item's cache, and transposed on the way.
  private static let storedWeightWork = 25.0
  private static let cachedWeightWork = 12.0
  private static let transposedWeightWork = 8.0
  /// The same of a weight that was transformed before, for 16 tiles or less: it comes from memory, and they wait for it.
  private static let streamedWeightWork = 15.0
  /// The same of a weight's gradient.
  private static let gradientWork = 10.0
  /// What the model gets wrong is less than this.
  private static let leastGain = 1.05

  /// - Parameters:
  ///   - isPrecise: whether sums must be as exact as the direct convolution's; transformed ones err up to four times as much.
  ///   - weightsAreFixed: whether weights stay the same from run to run, so that they are transformed once.
  package init(_ shape: Conv2DShape, _ pass: Pass, isPrecise: Bool = false, weightsAreFixed: Bool = false) {
    func direct(_ reason: String) -> (WinogradTransform?, String) { (nil, "direct: \(reason)") }
    (transform, reason) = {
      let (height, width) = (shape.height, shape.width)
      if isPrecise { return direct("precise") }
      if height.stride != 1 || width.stride != 1 { return direct("strided") }
      if height.dilation != 1 || width.dilation != 1 { return direct("dilated") }
      if shape.groups != 1 { return direct("groups") }
      if shape.padding != .zeros { return direct("padding that is not zero") }
      if shape.inputPixel % 16 != 0 || shape.outputPixel % 16 != 0 { return direct("few channels") }
      let gains = WinogradTransform.allCases.filter { $0.taps == height.kernel && $0.taps == width.kernel }
        .map { (transform: $0, gain: Self.gain($0, shape, pass, weightsAreFixed)) }
      guard let best = gains.max(by: { $0.gain < $1.gain }) else {
        return direct("no other algorithm for \(height.kernel)x\(width.kernel)")
      }
      let tenths = Int((best.gain * 10).rounded())
      let times = "\(tenths / 10).\(tenths % 10) times"
      return best.gain < Self.leastGain
        ? direct("\(best.transform.title) would take \(times) less work")
        : (best.transform, "\(best.transform.title): \(times) less work than direct")
    }()
  }

  /// How many times less work it is than the direct convolution.
  private static func gain(
    _ transform: WinogradTransform, _ shape: Conv2DShape, _ pass: Pass, _ weightsAreFixed: Bool
  ) -> Double {
    let channels = Double(shape.inputs) * Double(ceilingQuotient(shape.outputs, 16) * 16)
    let pixels = Double(shape.batch * shape.height.output * shape.width.output)
    let products = Double(transform.products)
    let tiles: Int
    var inputRounds = 1
    var outputRounds = 1
    let weights: Double
    if pass == .weightGradient {
      let parameters = shape.winogradWeightGradient(transform)
      tiles = parameters.tiles
      (inputRounds, outputRounds) = (parameters.panelBlocks, parameters.inputBlocks)
      weights = Double(parameters.splits) * gradientWork
    } else {
      let parameters = shape.winogradConvolution(
        transform, isGradient: pass == .dataGradient, weightsAreFixed: weightsAreFixed, epilogue: Epilogue())
      tiles = parameters.tiles
      weights =
        weightsAreFixed
        ? streamedWeightWork * min(1, 16 / Double(tiles))
        : (parameters.transformsWeights ? cachedWeightWork : storedWeightWork)
          + (pass == .dataGradient ? transposedWeightWork : 0)
    }
    let transformed = Double(shape.inputs * inputRounds + shape.outputs * outputRounds)
    let work = products * (Double(tiles) * (productWork * channels + tileWork * transformed) + channels * weights)
    return pixels * Double(shape.taps) * channels / work
  }
}

extension Conv2DShape {
  /// The convolution, or the gradient of its data, by a Winograd algorithm.
  package func winogradConvolution(
    _ transform: WinogradTransform, isGradient: Bool, weightsAreFixed: Bool = false, epilogue: Epilogue,
    normalization: InputNormalization = .none, pooling: ConvolutionPooling = .none, sums: ResultSums = .none
  ) -> WinogradConvolutionParameters {
    let last = transform.taps - 1
    return WinogradConvolutionParameters(
      transform, images: batch, x: isGradient ? outputImage : inputImage, y: isGradient ? inputImage : outputImage,
      paddingTop: isGradient ? last - height.before : height.before,
      paddingLeft: isGradient ? last - width.before : width.before, isGradient: isGradient,
      weightsAreFixed: weightsAreFixed, epilogue: epilogue, normalization: normalization, pooling: pooling,
      sums: sums)
  }

  /// The gradient of the weights by a Winograd algorithm.
  package func winogradWeightGradient(
    _ transform: WinogradTransform, normalization: InputNormalization = .none, isSpread: Bool = false
  ) -> WinogradWeightGradientParameters {
    WinogradWeightGradientParameters(
      transform, images: batch, x: inputImage, dy: outputImage, paddingTop: height.before, paddingLeft: width.before,
      normalization: normalization, isSpread: isSpread)
  }

  private var inputImage: ImageExtents {
    ImageExtents(height: height.input, width: width.input, channels: inputs, stride: inputPixel)
  }
  private var outputImage: ImageExtents {
    ImageExtents(height: height.output, width: width.output, channels: outputs, stride: outputPixel)
  }
}
