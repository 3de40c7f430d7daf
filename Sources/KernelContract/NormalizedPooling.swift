/// The element under each window that a batch normalisation makes the greatest: the greatest where gamma is positive, the least where it is
/// negative, the first where it is zero. Operands: x, gamma, y. It is not a number where a number under the window is not. Strides are
/// multiples of 16.
package struct SignedPooling: KernelParameters {
  package let windows: PoolingWindows

  package init(_ windows: PoolingWindows) { self.windows = windows }

  package static let name = "signed_pooling"
  package func kernel(in table: KernelTable) -> Kernel { table.signedPooling }
  /// One item for each row of each image of y.
  package var items: Int { windows.images * windows.rows.output }
  package var scratchBytes: Int { 0 }
  package var flops: Double { windows.work }
}

/// `BatchNormalizationGradient` of what `PoolingGradient` makes of dy, which is never stored as a whole.
///
/// Operands: dy, x, y (the element of x under each window that dy belongs to), mean, variance, gamma, the sums in two rows `sumStride` floats
/// apart, dx. Windows are those from x to y; dy lies like y, dx like x; strides are multiples of 16.
package struct PooledNormalizationGradient: KernelParameters {
  package let windows: PoolingWindows
  package let sumStride: Int
  package let epsilon: Float

  package init(_ windows: PoolingWindows, sumStride: Int, epsilon: Double) {
    self.windows = windows
    self.sumStride = sumStride
    self.epsilon = Float(epsilon)
  }

  package static let name = "pooled_normalization_gradient"
  package func kernel(in table: KernelTable) -> Kernel { table.pooledNormalizationGradient }

  /// An item is a band of rows of an image of x: as many as stay in the second-level cache, few enough for the workers. A window on an
  /// edge is looked at in both bands.
  package var bandRows: Int {
    let step = max(1, windows.rows.stride)
    let fitting = 64_000 / max(1, rowFloats) / step * step
    return max(step, min(fitting, ceilingQuotient(windows.rows.input, step) * step))
  }
  package var bands: Int { ceilingQuotient(windows.rows.input, bandRows) }
  package var items: Int { windows.images * bands }
  package var rowFloats: Int { windows.columns.input * windows.inputStride }
  /// The gradient of a band and of a row that nobody reads, and four numbers of each channel.
  package var scratchBytes: Int { 4 * ((bandRows + 1) * rowFloats + 4 * windows.inputStride) }
  package var flops: Double { windows.work + 5 * Double(windows.images * windows.rows.input * rowFloats) }
}
