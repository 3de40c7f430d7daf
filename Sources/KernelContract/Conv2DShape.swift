/// The extents of a two-dimensional convolution over channels-last tensors. Strides of tensors are in floats.
///
/// Weights are packed as `[groups][⌈outputs / 16⌉][kernel height][kernel width][inputs][16]`, channels being those of
/// one group, lanes beyond the last output zero; for a depthwise convolution (one input channel per group) as
/// `[⌈all outputs / 16⌉][kernel height][kernel width][16]`, which is what one group of one input would have.
package struct Conv2DShape: Sendable, Hashable {
  /// What stands outside of the input.
  package enum Padding: UInt8, Sendable, Hashable {
    case zeros, reflect, replicate
  }

  /// One spatial axis: extents in pixels.
  package struct Axis: Sendable, Hashable {
    package var input: Int
    package var kernel: Int
    package var stride: Int
    package var before: Int
    package var after: Int
    package var dilation: Int

    package init(input: Int, kernel: Int, stride: Int = 1, before: Int = 0, after: Int = 0, dilation: Int = 1) {
      self.input = input
      self.kernel = kernel
      self.stride = stride
      self.before = before
      self.after = after
      self.dilation = dilation
    }

    /// The extent of the output; the kernel must fit the padded input.
    package var output: Int { (input + before + after - dilation * (kernel - 1) - 1) / stride + 1 }
  }

  package var batch: Int
  package var height: Axis
  package var width: Axis
  /// Channels of one group.
  package var inputs: Int
  package var outputs: Int
  package var groups: Int
  package var padding: Padding
  /// Floats from a pixel of the input to the next: at least `groups * inputs`, which network inputs may have exactly.
  package var inputPixel: Int
  /// What the numbers of the input are where they are bytes, see `takesBytes`; nil where they are floats.
  package var bytes: ByteScaling?
  /// Floats from a pixel of the output to the next: a multiple of 16.
  package var outputPixel: Int

  package init(
    batch: Int, height: Axis, width: Axis, inputs: Int, outputs: Int, groups: Int = 1, padding: Padding = .zeros,
    inputPixel: Int, outputPixel: Int
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
    // Without padding every kind is the same; the gradient of the data, which is padded, has zeros around it.
    let isPadded = height.before + height.after + width.before + width.after > 0
    self.padding = isPadded ? padding : .zeros
    self.inputPixel = inputPixel
    self.outputPixel = outputPixel
  }

  package var taps: Int { height.kernel * width.kernel }
  package var outputPanels: Int { ceilingQuotient(outputs, 16) }
  package var isDepthwise: Bool { groups > 1 && inputs == 1 }
  /// The floats of the packed weights.
  package var weightCount: Int {
    isDepthwise ? ceilingQuotient(groups * outputs, 16) * taps * 16 : groups * outputPanels * taps * inputs * 16
  }
  /// How the weights are packed from PyTorch's `[groups * outputs, inputs, height, width]`, and unpacked.
  package func packing(_ direction: PanelPackingParameters.Direction) -> PanelPackingParameters {
    .convolution(
      direction, groups: isDepthwise ? 1 : groups, inputs: inputs, outputs: isDepthwise ? groups * outputs : outputs,
      height: height.kernel, width: width.kernel)
  }
  /// Floating-point operations of the convolution, and of each of its gradients.
  package var flops: Double {
    2 * Double(batch) * Double(height.output * width.output) * Double(groups * outputs) * Double(inputs * taps)
  }
  /// Whether it is the product of a matrix of pixels and the weights.
  var isPointwise: Bool {
    func isPlain(_ axis: Axis) -> Bool { axis.kernel == 1 && axis.stride == 1 && axis.before == 0 && axis.after == 0 }
    return isPlain(height) && isPlain(width) && groups == 1
  }
  /// Whether the direct convolution, and the gradient of its weights, can read `ByteScaling`.
  package var takesBytes: Bool { groups == 1 && inputs <= ByteScaling.mostChannels && !isPointwise }
}
