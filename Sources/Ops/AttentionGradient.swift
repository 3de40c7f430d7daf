import Graphs
import KernelContract

/// The gradients of `Attention`, one behind the other without gaps: dy, then the operands of `Attention` → those of queries, keys,
/// values and, where there is one, of the bias, as one axis. See `Unpack`.
package struct AttentionGradient: NotDifferentiable {
  package static let name = "attention_gradient"
  package var form: AttentionForm

  package init(_ form: AttentionForm) { self.form = form }

  package static var samples: [Sample] {
    AttentionForm.samples.map { form, extents in
      let operands = form.sampleOperands(extents)
      return Sample(Self(form), [operands[0]] + operands)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.isEmpty { throw .operandCount(expected: 1 + form.operandCount, found: 0) }
    _ = try form.extents(operands, from: 1)
    try operands.expect(0, shape: operands[1].shape)
    return try TensorType.list(operands[1...(form.hasBias ? 4 : 3)].map(\.shape))
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let forward = Array(operands[1...])
    let e = form.extents(forward)
    let (plain, dropped) = form.weights(forward, e)
    let (dy, queries, keys, values) = (operands[0], forward[0], forward[1], forward[2])
    var dq = HostTensor(shape: queries.shape)
    var dk = HostTensor(shape: keys.shape)
    var dv = HostTensor(shape: values.shape)
    var db = HostTensor(shape: [e.heads, e.queries, e.keys])
    e.forEachHead { example, head in
      for query in 0..<e.queries {
        var slopes = [Double](repeating: 0, count: e.keys)
        for key in 0..<e.keys {
          let place = e.place(example, head, query, key)
          for unit in 0..<e.width {
            let gradient = dy.values[e.query(example, head, query, unit)]
            slopes[key] += gradient * values.values[e.key(example, head, key, unit)]
            dv.values[e.key(example, head, key, unit)] += gradient * dropped[place]
          }
          // What dropout keeps is scaled, and what it drops has no slope.
          slopes[key] *= plain[place] == 0 ? 0 : dropped[place] / plain[place]
        }
        let mean = (0..<e.keys).reduce(0) { $0 + slopes[$1] * plain[e.place(example, head, query, $1)] }
        for key in 0..<e.keys {
          let slope = plain[e.place(example, head, query, key)] * (slopes[key] - mean)
          db.values[(head * e.queries + query) * e.keys + key] += slope
          for unit in 0..<e.width {
            dq.values[e.query(example, head, query, unit)] +=
              slope * form.scale * keys.values[e.key(example, head, key, unit)]
            dk.values[e.key(example, head, key, unit)] +=
              slope * form.scale * queries.values[e.query(example, head, query, unit)]
          }
        }
      }
    }
    let all = dq.values + dk.values + dv.values + (form.hasBias ? db.values : [])
    return HostTensor(shape: [all.count], values: all)
  }
}
