import Graphs
import Ops

/// A window that moves over the positions of an input: convolution and pooling share it.
struct Window {
  var kernel: [Int]
  var stride: [Int]
  var pad: [Int]
  var dilation: [Int]
  var ceil = false

  /// The largest size an argument may state; products of two then fit 64 bits.
  static let largest = 1 << 30

  /// The window that the arguments state for an input with `rank` axes beside the channels.
  init(_ arguments: Arguments, rank: Int, strideDefaultsToKernel: Bool) throws(WordError) {
    func read(_ name: String, else other: [Int]) throws(WordError) -> [Int] {
      guard arguments.has(name) else { return other }
      guard let values = arguments.perAxis(name, rank: rank) else {
        throw .argument(
          name, reason: "must have \(rank == 1 ? "one number" : "one number, or one for height and one for width")")
      }
      if let large = values.first(where: { $0 > Window.largest }) {
        throw .argument(name, reason: "is too large: \(large)")
      }
      return values
    }
    let ones = [Int](repeating: 1, count: rank)
    kernel = try read("kernel", else: ones)
    stride = try read("stride", else: strideDefaultsToKernel ? kernel : ones)
    dilation = try read("dilation", else: ones)
    if arguments.text("pad") == "same" {
      pad = []
      try padToSame()
    } else {
      pad = try read("pad", else: [Int](repeating: 0, count: rank))
    }
    ceil = arguments.flag("ceil", else: false)
  }

  /// `pad=same` keeps the size; only where it is the same on both sides.
  private mutating func padToSame() throws(WordError) {
    for axis in kernel.indices {
      if stride[axis] != 1 { throw .argument("pad", reason: "can be `same` only with stride 1") }
      let reach = dilation[axis] * (kernel[axis] - 1)
      if reach % 2 != 0 {
        throw .argument(
          "pad",
          reason:
            "cannot be `same` with kernel \(kernel[axis]): the end (\(kernel.count == 1 ? "right" : "bottom, right")) "
            + "would get one position more than the start; take an odd kernel, or give a number")
      }
      pad.append(reach / 2)
    }
  }

  /// Positions under the window, gaps included.
  func reach(_ axis: Int) -> Int { dilation[axis] * (kernel[axis] - 1) + 1 }

  /// The sizes of the result, or which axis is too small. `extents` are the input's sizes beside the channels.
  func positions(_ extents: [Int]) throws(WordError) -> [Int] {
    var result: [Int] = []
    for axis in extents.indices { try result.append(positions(extents[axis], axis, of: extents.count)) }
    return result
  }

  /// The size of the result along one of `count` axes.
  private func positions(_ extent: Int, _ axis: Int, of count: Int) throws(WordError) -> Int {
    let padded = extent + 2 * pad[axis]
    guard reach(axis) <= padded else {
      throw .window(axis: Window.axisName(axis, of: count), window: reach(axis), extent: extent, padding: pad[axis])
    }
    var positions = (padded - reach(axis)) / stride[axis] + 1
    if ceil, (padded - reach(axis)) % stride[axis] != 0, positions * stride[axis] < extent + pad[axis] {
      positions += 1
    }
    return positions
  }

  /// The size of the result along an axis for another size of the input; nil where that is too small.
  func resized(_ extent: Int, _ axis: Int) -> Int? {
    guard axis < kernel.count, let count = try? positions(extent, axis, of: kernel.count) else { return nil }
    return count
  }

  /// `(192 + 2*2 - 11) / 4 + 1 = 47`, once if all axes agree.
  func arithmetic(_ extents: [Int], _ positions: [Int]) -> String {
    var texts: [String] = []
    for axis in extents.indices {
      let padding = pad[axis] == 0 ? "" : " + 2*\(pad[axis])"
      let difference = "\(extents[axis])\(padding) - \(reach(axis))"
      let quotient = stride[axis] == 1 ? difference : "(\(difference)) / \(stride[axis])"
      let text = "\(quotient) + 1 = \(positions[axis])"
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.joined(separator: ", ")
  }

  static func axisName(_ axis: Int, of count: Int) -> String {
    count == 1 ? "length" : axis == 0 ? "height" : "width"
  }
}

/// An input of one or two axes beside its channels, as the two-dimensional ops of the graph want it.
struct ImageInput {
  var tensor: Tensor
  /// Sizes beside the channels, as the user sees them.
  var extents: [Int]

  var channels: Int { tensor.type.shape[0] }

  init(_ input: Tensor) throws(WordError) {
    guard [2, 3].contains(input.type.rank) else {
      throw .rank(expected: [3, 2], found: input.type, form: "[channels, height, width] or [channels, length]")
    }
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    tensor = input
    extents = Array(input.type.shape.dropFirst())
  }

  /// The value with two axes beside the channels.
  func image(_ site: LayerSite) throws(WordError) -> Value {
    guard extents.count == 1 else { return tensor.value }
    return try site.add(Reshape(shape: [site.batch, channels, 1, extents[0]]), [tensor.value]).value
  }

  /// The result of an op on `image`, with as many axes as the input.
  func restored(_ result: Tensor, _ site: LayerSite) throws(WordError) -> Tensor {
    guard extents.count == 1 else { return result }
    return try site.add(Reshape(shape: [site.batch, result.type.shape[0], result.type.shape[2]]), [result.value])
  }

  /// `[7]` as `[1, 7]`: a one-dimensional attribute for the two-dimensional op; `filler` stands for the missing axis.
  func pair(_ values: [Int], _ filler: Int) -> [Int] { values.count == 1 ? [filler, values[0]] : values }
}

/// The product, or the largest number where it does not fit.
func saturatingProduct(_ factors: [Int]) -> Int {
  factors.reduce(1) { product, factor in
    let (result, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? Int.max : result
  }
}
