/// The windows of a pooling over channels-last images.
package struct PoolingWindows: Sendable, Hashable {
  /// Extents of x and y, and the window along one axis of the image.
  package struct Axis: Sendable, Hashable {
    package let input: Int
    package let output: Int
    package let kernel: Int
    package let stride: Int
    package let padding: Int
    package let dilation: Int
    /// Windows are the bins of PyTorch's adaptive pooling: floor(i * input / output) to ceil((i + 1) * input / output).
    package let isAdaptive: Bool

    package init(input: Int, output: Int, kernel: Int, stride: Int, padding: Int = 0, dilation: Int = 1) {
      self.input = input
      self.output = output
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      isAdaptive = false
    }

    package init(input: Int, bins: Int) {
      self.input = input
      output = bins
      kernel = 0
      stride = 0
      padding = 0
      dilation = 1
      isAdaptive = true
    }

    /// Whether every position stands under one window at most, and window i begins at i * stride.
    package var isDisjoint: Bool { !isAdaptive && padding == 0 && dilation == 1 && kernel <= stride }
  }

  package let images: Int
  package let channels: Int
  package let rows: Axis
  package let columns: Axis
  /// Floats from pixel to pixel of x and y: whole vectors, or exactly the channels.
  package let inputStride: Int
  package let outputStride: Int

  package init(images: Int, channels: Int, rows: Axis, columns: Axis, inputStride: Int, outputStride: Int) {
    self.images = images
    self.channels = channels
    self.rows = rows
    self.columns = columns
    self.inputStride = inputStride
    self.outputStride = outputStride
  }

  /// Elements under all windows.
  var work: Double {
    let window = rows.isAdaptive ? 1 : rows.kernel * columns.kernel
    return Double(images) * Double(rows.output * columns.output) * Double(channels) * Double(window)
  }
}

/// The maximum or mean under each window. Operands: x, y. A maximum is not a number where a number under the window is not.
package struct Pooling: KernelParameters {
  package enum Function: UInt8, Sendable, Hashable {
    case maximum
    /// Divided by the positions under the window that are in the image.
    case average
    /// Divided by those in the padded image.
    case paddedAverage
  }

  package let function: Function
  package let windows: PoolingWindows

  package init(_ function: Function, _ windows: PoolingWindows) {
    self.function = function
    self.windows = windows
  }

  package static let name = "pooling"
  package func kernel(in table: KernelTable) -> Kernel { table.pooling }
  /// One item for each row of each image of y.
  package var items: Int { windows.images * windows.rows.output }
  package var scratchBytes: Int { 0 }
  package var flops: Double { windows.work }
}

/// The gradient of `Pooling`. Operands: dy and dx; for a maximum dy, x, y and dx. The gradient of a maximum goes to the first
/// greatest element under the window, row by row, as in PyTorch.
package struct PoolingGradient: KernelParameters {
  package let function: Pooling.Function
  package let windows: PoolingWindows

  package init(_ function: Pooling.Function, _ windows: PoolingWindows) {
    self.function = function
    self.windows = windows
  }

  package static let groupChannels = 64

  /// Whether each element of dx gets one number at most, so that rows of windows are independent.
  package var isDisjoint: Bool { windows.rows.isDisjoint && windows.columns.isDisjoint }
  package var groups: Int { (windows.channels + Self.groupChannels - 1) / Self.groupChannels }

  package static let name = "pooling_gradient"
  package func kernel(in table: KernelTable) -> Kernel { table.poolingGradient }
  /// One item for each row of windows, or where windows overlap for each group of channels of each image.
  package var items: Int { windows.images * (isDisjoint ? windows.rows.output : groups) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { windows.work }
}
