import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One place of a causal `Attention` whose keys and values are remembered: query [N, 1, H·d], keys and values [N, T, H·d], place
/// (scalar index), origins (index [N, T]: the row whose memory holds that place of a row), perhaps the bias [H, T, T] → [N, 1, H·d].
/// The place looks at itself and those before it.
package struct AttentionStep: NotDifferentiable {
  package static let name = "attention_step"
  package var heads: Int
  package var scale: Double
  package var hasBias: Bool

  package init(heads: Int, scale: Double, hasBias: Bool) {
    self.heads = heads
    self.scale = scale
    self.hasBias = hasBias
  }

  package static var samples: [Sample] {
    [(1, 2, 5, 4, false), (3, 1, 7, 16, true), (2, 3, 20, 5, true), (4, 2, 33, 64, false)].map {
      rows, heads, places, width, hasBias in
      let memory = TensorType(.float32, [rows, places, heads * width])
      let bias = (type: TensorType(.float32, [heads, places, places]), content: Sample.Content.uniform(-1, 1))
      return Sample(
        Self(heads: heads, scale: 0.5, hasBias: hasBias),
        [
          (TensorType(.float32, [rows, 1, heads * width]), .uniform(-1, 1)), (memory, .uniform(-1, 1)),
          (memory, .uniform(-1, 1)), (TensorType(.int32, []), .integers(places)),
          (TensorType(.int32, [rows, places]), .integers(rows)),
        ] + (hasBias ? [bias] : []), checksGradient: false)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(hasBias ? 6 : 5)
    try operands.expectFloat(0)
    for operand in 0..<3 { try operands.expect(operand, rank: 3...3) }
    try expectAttribute("heads", heads, atLeast: 1)
    let (query, keys) = (operands[0].shape, operands[1].shape)
    if query[2] % heads != 0 { throw .notDivisible(what: "the width", value: query[2], by: heads) }
    try operands.expectExtents(0, [keys[0], 1, keys[2]])
    for operand in 1...2 { try operands.expect(operand, shape: [query[0], keys[1], query[2]]) }
    try operands.expectPlace(3)
    try operands.expect(4, element: .int32)
    try operands.expectExtents(4, [query[0], keys[1]])
    if hasBias { try operands.expect(5, shape: [heads, keys[1], keys[1]]) }
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (query, keys, values) = (operands[0], operands[1], operands[2])
    let (rows, places, width) = (keys.shape[0], keys.shape[1], keys.shape[2] / heads)
    let place = operands[3].place(below: places)
    var result = HostTensor(shape: query.shape)
    for row in 0..<rows {
      for head in 0..<heads {
        let own = (row * heads + head) * width
        let memories = (0...place).map {
          ((Int(operands[4].values[row * places + $0]) * places + $0) * heads + head) * width
        }
        let logits = memories.enumerated().map { key, start in
          let product = (0..<width).reduce(0) { $0 + query.values[own + $1] * keys.values[start + $1] }
          return product * scale + (hasBias ? operands[5].values[(head * places + place) * places + key] : 0)
        }
        let greatest = logits.max() ?? 0
        let weights = logits.map { exp($0 - greatest) }
        let sum = weights.reduce(0, +)
        for (weight, start) in zip(weights, memories) {
          for unit in 0..<width { result.values[own + unit] += weight / sum * values.values[start + unit] }
        }
      }
    }
    return result
  }
}

extension AttentionStep: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: operands.enumerated().map { position, operand in
        switch position {
        case 0..<3: operand.wholeRows
        case 4: operand.tokens
        case 5: .matrix(operand.type)
        default: .computed(operand.type)
        }
      }, result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (query, keys) = (site.operands[0], site.operands[1])
    let parameters = AttentionStepParameters(
      rows: query.type.shape[0], heads: heads, places: keys.type.shape[1], width: query.type.shape[2] / heads,
      scale: scale, queryStride: query.rowStride, keyStride: keys.rowStride, valueStride: site.operands[2].rowStride,
      originStride: site.operands[4].rowStride, biasStride: hasBias ? site.operands[5].rowStride : nil,
      resultStride: site.result.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])])
  }
}
