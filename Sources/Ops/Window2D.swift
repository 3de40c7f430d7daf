import Graphs

/// A window that a pooling op moves over the two last axes.
package struct Window2D: Hashable, Sendable {
  package var kernel: [Int]
  package var stride: [Int]
  /// The same number of positions on both sides.
  package var padding: [Int]
  /// Whether a last window that sticks out of the padded image counts, as long as it starts inside.
  package var ceil: Bool

  package init(kernel: [Int], stride: [Int], padding: [Int] = [0, 0], ceil: Bool = false) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.ceil = ceil
  }

  /// x [N, C, H, W] → [N, C, OH, OW].
  func resultType(_ x: TensorType) throws(ShapeError) -> TensorType {
    try [x].expectFloat(0)
    try [x].expect(0, rank: 4...4)
    for (name, values) in [("kernel", kernel), ("stride", stride), ("padding", padding)] {
      if values.count != 2 { throw .attribute(name: name, reason: "there must be two numbers") }
    }
    var shape = x.shape
    for axis in 0..<2 {
      if padding[axis] > kernel[axis] / 2 {
        throw .attribute(name: "padding", reason: "\(padding[axis]) is more than half of the window's \(kernel[axis])")
      }
      shape[2 + axis] = try windowPositions(
        axis: 2 + axis, extent: x.shape[2 + axis], before: padding[axis], after: padding[axis], window: kernel[axis],
        stride: stride[axis], dilation: 1, ceil: ceil)
    }
    return TensorType(.float32, shape)
  }

  /// The positions of the image under window `index` of axis 0 (rows) or 1 (columns).
  func span(_ index: Int, axis: Int, extent: Int) -> Range<Int> {
    let start = index * stride[axis] - padding[axis]
    return max(start, 0)..<max(max(start, 0), min(start + kernel[axis], extent))
  }

  static let samples: [(window: Window2D, shape: [Int])] = [
    (Window2D(kernel: [2, 2], stride: [2, 2]), [2, 5, 6, 7]),
    (Window2D(kernel: [3, 3], stride: [2, 2], padding: [1, 1]), [1, 19, 7, 8]),
    (Window2D(kernel: [3, 2], stride: [1, 2], padding: [1, 0]), [2, 3, 5, 6]),
    (Window2D(kernel: [3, 3], stride: [2, 2], padding: [0, 1], ceil: true), [2, 16, 6, 8]),
    (Window2D(kernel: [2, 2], stride: [3, 3]), [1, 33, 8, 9]),
  ]
}

/// How many positions a window takes along an axis: PyTorch's rule, `ceil` included.
func windowPositions(
  axis: Int, extent: Int, before: Int, after: Int, window: Int, stride: Int, dilation: Int, ceil: Bool = false
) throws(ShapeError) -> Int {
  try expectAttribute("kernel", window, atLeast: 1)
  try expectAttribute("stride", stride, atLeast: 1)
  try expectAttribute("dilation", dilation, atLeast: 1)
  try expectAttribute("padding", before, atLeast: 0)
  try expectAttribute("padding", after, atLeast: 0)
  // No overflow: the attributes are below 2^30 + 1, extents below 2^42.
  let reach = dilation * (window - 1) + 1
  let padded = extent + before + after
  guard extent > 0, reach <= padded else { throw .windowTooLarge(axis: axis, window: reach, extent: padded) }
  var positions = (padded - reach) / stride + 1
  if ceil, (padded - reach) % stride != 0, positions * stride < extent + before { positions += 1 }
  return positions
}
