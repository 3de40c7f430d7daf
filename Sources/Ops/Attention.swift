import Graphs
import KernelContract

/// Scaled dot-product attention in several heads (A. Vaswani et al., 2017): queries [B, t, N·d], keys and values [B, s, N·d], then
/// the bias [N, t, s], the mask (bool [B, s] or [B, t, s], true = may look) and the step (scalar index) where there are such →
/// [B, t, N·d]. A query that may look nowhere gets zeros.
package struct Attention: Op {
  package static let name = "attention"
  package var form: AttentionForm

  package init(_ form: AttentionForm) { self.form = form }

  package static var samples: [Sample] {
    AttentionForm.samples.map { Sample(Self($0.form), $0.form.sampleOperands($0.extents)) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    _ = try form.extents(operands)
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    var gradients = [Value?](repeating: nil, count: adjoint.operands.count)
    do {
      let all = try builder.add(AttentionGradient(form), [adjoint.gradient] + adjoint.operands)
      var start = 0
      for operand in 0..<(form.hasBias ? 4 : 3) {
        let type = adjoint.operandTypes[operand]
        let part = Unpack(start: start, shape: type.shape)
        if adjoint.needed[operand] { gradients[operand] = try builder.add(part, [all]) }
        start += type.count
      }
    } catch { throw .shape(error) }
    return gradients
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let e = form.extents(operands)
    let weights = form.weights(operands, e)
    var result = HostTensor(shape: operands[0].shape)
    e.forEachHead { example, head in
      for query in 0..<e.queries {
        for key in 0..<e.keys {
          let weight = weights.dropped[e.place(example, head, query, key)]
          for unit in 0..<e.width {
            result.values[e.query(example, head, query, unit)] +=
              weight * operands[2].values[e.key(example, head, key, unit)]
          }
        }
      }
    }
    return result
  }
}

/// Which attention it is.
package struct AttentionForm: Hashable, Sendable {
  package var heads: Int
  /// What products of queries and keys are multiplied by.
  package var scale: Double
  /// Whether a query sees no later place than its own.
  package var isCausal: Bool
  package var hasBias: Bool
  package var mask: AttentionMask
  /// Of the weights after softmax.
  package var dropout: RecurrentDropout?

  package init(
    heads: Int, scale: Double, isCausal: Bool = false, hasBias: Bool = false, mask: AttentionMask = .none,
    dropout: RecurrentDropout? = nil
  ) {
    self.heads = heads
    self.scale = scale
    self.isCausal = isCausal
    self.hasBias = hasBias
    self.mask = mask
    self.dropout = dropout
  }

  static var samples: [(form: AttentionForm, extents: AttentionExtents)] {
    let dropout = RecurrentDropout(probability: 0.25, seed: 3, identifier: 4)
    return [
      (Self(heads: 2, scale: 0.5), AttentionExtents(examples: 2, heads: 2, queries: 3, keys: 5, width: 4)),
      (
        Self(heads: 1, scale: 1, isCausal: true, hasBias: true),
        AttentionExtents(examples: 2, heads: 1, queries: 6, keys: 6, width: 16)
      ),
      (
        Self(heads: 3, scale: 0.3, hasBias: true, mask: .keys),
        AttentionExtents(examples: 2, heads: 3, queries: 4, keys: 7, width: 5)
      ),
      (
        Self(heads: 2, scale: 0.7, mask: .pairs, dropout: dropout),
        AttentionExtents(examples: 3, heads: 2, queries: 5, keys: 4, width: 3)
      ),
      (
        Self(heads: 2, scale: 0.125, isCausal: true),
        AttentionExtents(examples: 1, heads: 2, queries: 70, keys: 70, width: 20)
      ),
    ]
  }

  func sampleOperands(_ e: AttentionExtents) -> [(type: TensorType, content: Sample.Content)] {
    let queries = TensorType(.float32, [e.examples, e.queries, e.heads * e.width])
    let keys = TensorType(.float32, [e.examples, e.keys, e.heads * e.width])
    var operands: [(type: TensorType, content: Sample.Content)] = [
      (queries, .uniform(-1, 1)), (keys, .uniform(-1, 1)), (keys, .uniform(-1, 1)),
    ]
    if hasBias { operands.append((TensorType(.float32, [e.heads, e.queries, e.keys]), .uniform(-1, 1))) }
    if let shape = mask.shape(e) { operands.append((TensorType(.bool, shape), .flags)) }
    if dropout != nil { operands.append((TensorType(.int32, []), .integersFrom(1, 9))) }
    return operands
  }

  /// The position of the mask among the operands of `Attention`.
  var maskPosition: Int { hasBias ? 4 : 3 }
  var operandCount: Int { maskPosition + (mask == .none ? 0 : 1) + (dropout == nil ? 0 : 1) }

  /// The extents of operands that fit; those of `Attention` start at `first`.
  func extents(_ operands: [TensorType], from first: Int = 0) throws(ShapeError) -> AttentionExtents {
    try operands.expectCount(first + operandCount)
    for operand in first..<(first + 3) {
      try operands.expectFloat(operand)
      try operands.expect(operand, rank: 3...3)
    }
    let (query, key) = (operands[first].shape, operands[first + 1].shape)
    try expectAttribute("heads", heads, atLeast: 1)
    if query[2] % heads != 0 { throw .notDivisible(what: "the width", value: query[2], by: heads) }
    try operands.expectExtents(first + 1, [query[0], key[1], query[2]])
    try operands.expectExtents(first + 2, key)
    let extents = AttentionExtents(
      examples: query[0], heads: heads, queries: query[1], keys: key[1], width: query[2] / heads)
    if hasBias { try operands.expect(first + 3, shape: [heads, extents.queries, extents.keys]) }
    if let shape = mask.shape(extents) {
      try operands.expect(first + maskPosition, element: .bool)
      try operands.expectExtents(first + maskPosition, shape)
    }
    if dropout != nil {
      try operands.expect(first + operandCount - 1, element: .int32)
      try operands.expectExtents(first + operandCount - 1, [])
    }
    return extents
  }
}
