import Graphs
import Ops

/// `group_norm(groups, eps=1e-5)`: `torch.nn.GroupNorm`.
package enum GroupNormLayer: LayerWord {
  package static let name = "group_norm"
  package static let documentation =
    "Each group of channels of an example with mean 0 and deviation 1, then scaled and shifted by trained weights."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("groups", .whole(atLeast: 1)), .optional("eps", .number(.positive), "1e-5", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    guard let channels = input.type.shape.first, input.type.rank <= 3 else {
      throw .rank(
        expected: [1, 2, 3], found: input.type, form: "[channels], [channels, length] or [channels, height, width]")
    }
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    let groups = arguments.whole("groups", else: 1)
    if channels % groups != 0 { throw .argument("groups", reason: "must divide the \(channels) channels") }
    let size = input.type.count / groups
    if size < 2 { throw .argument("groups", reason: "must leave more than one value to a group") }
    let fans = WeightFans(fanIn: 1, fanOut: 1)
    let gamma = try site.parameter("weight", [channels], fans: fans, initializer: .constant(1))
    let beta = try site.parameter("bias", [channels], fans: fans, initializer: .constant(0))
    // Batch normalisation of one example whose channels are all groups of all examples.
    let rows = saturatingProduct([site.batch, groups])
    let x = try site.addScalar(Reshape(shape: [1, rows, size, 1]), [input.value])
    let statistics = try site.addScalar(BatchStatistics(), [x])
    let mean = try site.addScalar(SelectRow(row: 0), [statistics])
    let variance = try site.addScalar(SelectRow(row: 1), [statistics])
    let one: Value
    let zero: Value
    do {
      one = try site.builder.constant(1, type: TensorType(.float32, [rows]))
      zero = try site.builder.constant(0, type: TensorType(.float32, [rows]))
    } catch { throw WordError(error) }
    let normalize = BatchNormalize(epsilon: arguments.number("eps", else: 1e-5))
    let normalized = try site.addScalar(normalize, [x, mean, variance, one, zero])
    // A factor for each channel is a depthwise convolution with one tap.
    let image = try site.addScalar(
      Reshape(shape: [site.batch, channels, input.type.count / channels, 1]), [normalized])
    let taps = try site.addScalar(Reshape(shape: [channels, 1, 1, 1]), [gamma])
    let scaled = try site.addScalar(Conv2D(groups: channels), [image, taps])
    let shifted = try site.addScalar(AddBias(axis: 1), [scaled, beta])
    return try site.add(Reshape(shape: [site.batch] + input.type.shape), [shifted])
  }
}
