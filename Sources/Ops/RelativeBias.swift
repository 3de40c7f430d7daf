import Graphs
import KernelContract

/// What T5 adds to the products of queries and keys: for each head and each pair of places a number that depends on the bucket of
/// their distance alone. Table [buckets, N] → [N, queries, keys].
package struct RelativeBias: Op {
  package static let name = "relative_bias"
  package var buckets: RelativeBuckets
  package var queries: Int
  package var keys: Int

  package init(_ buckets: RelativeBuckets, queries: Int, keys: Int) {
    self.buckets = buckets
    self.queries = queries
    self.keys = keys
  }

  package static var samples: [Sample] {
    relativeBiasSamples.map { Sample($0.op, shapes: [[$0.op.buckets.count, $0.heads]]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...2)
    try expectAttributes()
    try operands.expectExtents(0, [buckets.count, operands[0].shape[1]])
    return TensorType(.float32, [operands[0].shape[1], queries, keys])
  }

  func expectAttributes() throws(ShapeError) {
    try expectAttribute("buckets", buckets.count, atLeast: buckets.isCausal ? 1 : 2)
    try expectAttribute("max_distance", buckets.maximum, atLeast: 1)
    try expectAttribute("queries", queries, atLeast: 1)
    try expectAttribute("keys", keys, atLeast: 1)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(RelativeBiasGradient(buckets), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let heads = operands[0].shape[1]
    var result = HostTensor(shape: [heads, queries, keys])
    for index in result.values.indices {
      let place = result.coordinates(index)
      result.values[index] = operands[0].values[buckets.bucket(place[2] - place[1]) * heads + place[0]]
    }
    return result
  }
}

/// Ops with the heads that they are tried with.
let relativeBiasSamples: [(op: RelativeBias, heads: Int)] = [
  (RelativeBias(RelativeBuckets(count: 32, maximum: 128, isCausal: false), queries: 5, keys: 37), 2),
  (RelativeBias(RelativeBuckets(count: 8, maximum: 20, isCausal: true), queries: 19, keys: 19), 3),
  (RelativeBias(RelativeBuckets(count: 4, maximum: 5, isCausal: false), queries: 16, keys: 3), 1),
]
