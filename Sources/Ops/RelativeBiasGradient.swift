import Graphs
import KernelContract

/// The gradient of `RelativeBias` for its table: dy [N, queries, keys] → [buckets, N], sums over the pairs of each bucket.
package struct RelativeBiasGradient: NotDifferentiable {
  package static let name = "relative_bias_gradient"
  package var buckets: RelativeBuckets

  package init(_ buckets: RelativeBuckets) { self.buckets = buckets }

  package static var samples: [Sample] {
    relativeBiasSamples.map { Sample(Self($0.op.buckets), shapes: [[$0.heads, $0.op.queries, $0.op.keys]]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 3...3)
    try expectAttribute("buckets", buckets.count, atLeast: buckets.isCausal ? 1 : 2)
    return TensorType(.float32, [buckets.count, operands[0].shape[0]])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let dy = operands[0]
    var result = HostTensor(shape: [buckets.count, dy.shape[0]])
    for index in dy.values.indices {
      let place = dy.coordinates(index)
      result.values[buckets.bucket(place[2] - place[1]) * dy.shape[0] + place[0]] += dy.values[index]
    }
    return result
  }
}
