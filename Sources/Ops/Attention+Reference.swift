import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension AttentionForm {
  /// The extents of operands that are known to fit.
  func extents(_ operands: [HostTensor], from first: Int = 0) -> AttentionExtents {
    let (query, key) = (operands[first].shape, operands[first + 1].shape)
    return AttentionExtents(
      examples: query[0], heads: heads, queries: query[1], keys: key[1], width: query[2] / heads)
  }

  /// The weights [B, N, t, s] in float64, after softmax and after dropout. `operands` are those of `Attention`.
  func weights(_ operands: [HostTensor], _ e: AttentionExtents) -> (plain: [Double], dropped: [Double]) {
    var plain = [Double](repeating: 0, count: e.examples * e.heads * e.queries * e.keys)
    e.forEachHead { example, head in
      for query in 0..<e.queries {
        var logits = [Double](repeating: -.infinity, count: e.keys)
        for key in 0..<e.keys where mayLook(operands, e, example, query, key) {
          var product = 0.0
          for unit in 0..<e.width {
            product +=
              operands[0].values[e.query(example, head, query, unit)]
              * operands[1].values[e.key(example, head, key, unit)]
          }
          let bias = hasBias ? operands[3].values[(head * e.queries + query) * e.keys + key] : 0
          logits[key] = product * scale + bias
        }
        let greatest = logits.max() ?? 0
        guard greatest > -.infinity else { continue }
        let sum = logits.reduce(0) { $0 + exp($1 - greatest) }
        for key in 0..<e.keys { plain[e.place(example, head, query, key)] = exp(logits[key] - greatest) / sum }
      }
    }
    guard let dropout else { return (plain, plain) }
    let step = Int32(operands[operandCount - 1].values[0])
    return (plain, plain.enumerated().map { $1 * dropout.factor($0, step: step) })
  }

  private func mayLook(
    _ operands: [HostTensor], _ e: AttentionExtents, _ example: Int, _ query: Int, _ key: Int
  ) -> Bool {
    if isCausal && key > query { return false }
    switch mask {
    case .none: return true
    case .keys: return operands[maskPosition].values[example * e.keys + key] > 0
    case .pairs: return operands[maskPosition].values[(example * e.queries + query) * e.keys + key] > 0
    }
  }
}

extension AttentionExtents {
  func forEachHead(_ body: (_ example: Int, _ head: Int) -> Void) {
    for example in 0..<examples { for head in 0..<heads { body(example, head) } }
  }

  /// Places in dense tensors: [B, t, N·d], [B, s, N·d] and [B, N, t, s].
  func query(_ example: Int, _ head: Int, _ query: Int, _ unit: Int) -> Int {
    ((example * queries + query) * heads + head) * width + unit
  }
  func key(_ example: Int, _ head: Int, _ key: Int, _ unit: Int) -> Int {
    ((example * keys + key) * heads + head) * width + unit
  }
  func place(_ example: Int, _ head: Int, _ query: Int, _ key: Int) -> Int {
    ((example * heads + head) * queries + query) * keys + key
  }
}

extension AttentionMask {
  /// The shape of the mask; nil where there is none.
  func shape(_ e: AttentionExtents) -> [Int]? {
    switch self {
    case .none: nil
    case .keys: [e.examples, e.keys]
    case .pairs: [e.examples, e.queries, e.keys]
    }
  }
}
