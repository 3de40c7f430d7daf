import Graphs
import Ops

/// `batch_norm`: `torch.nn.BatchNorm1d` and `BatchNorm2d`, with PyTorch's momentum and unbiased running variance.
package enum BatchNormLayer: LayerWord {
  package static let name = "batch_norm"
  package static let documentation =
    "Each channel with mean 0 and deviation 1 over the batch, then scaled and shifted by trained weights."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [
    .optional("eps", .number(.positive), "1e-5", namedOnly: true),
    .optional("momentum", .number(.unit), "0.1", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    guard let channels = input.type.shape.first, input.type.rank <= 3 else {
      throw .rank(
        expected: [1, 2, 3], found: input.type, form: "[channels], [channels, length] or [channels, height, width]")
    }
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    let epsilon = arguments.number("eps", else: 1e-5)
    let momentum = arguments.number("momentum", else: 0.1)
    let fans = WeightFans(fanIn: 1, fanOut: 1)
    let gamma = try site.parameter("weight", [channels], fans: fans, initializer: .constant(1))
    let beta = try site.parameter("bias", [channels], fans: fans, initializer: .constant(0))
    let runningMean = try site.buffer("running_mean", [channels], .constant(0))
    let runningVariance = try site.buffer("running_var", [channels], .constant(1))
    // The kernels want channels to be neighbours in memory, as those of images are.
    let full = [site.batch] + input.type.shape
    let isSequence = input.type.rank == 2
    let x = isSequence ? try site.addScalar(Reshape(shape: full + [1]), [input.value]) : input.value
    if site.mode == .evaluation {
      let result = try site.add(BatchNormalize(epsilon: epsilon), [x, runningMean, runningVariance, gamma, beta])
      return isSequence ? try site.add(Reshape(shape: full), [result.value]) : result
    }
    if site.isShared { throw .unsupported("a `batch_norm` that several places share") }
    let count = saturatingProduct([site.batch] + input.type.shape.dropFirst())
    if count < 2 { throw .singleValue }
    let statistics = try site.addScalar(BatchStatistics(), [x])
    let mean = try site.addScalar(SelectRow(row: 0), [statistics])
    let variance = try site.addScalar(SelectRow(row: 1), [statistics])
    let result = try site.add(BatchNormalize(epsilon: epsilon), [x, mean, variance, gamma, beta])
    _ = try site.addScalar(
      RunningUpdate(momentum: momentum, isVariance: false, count: count), [runningMean, mean])
    _ = try site.addScalar(
      RunningUpdate(momentum: momentum, isVariance: true, count: count), [runningVariance, variance])
    return isSequence ? try site.add(Reshape(shape: full), [result.value]) : result
  }
}
