import Graphs
import KernelContract

/// What each step of a recurrent layer read of the state before, its dropout applied: the record, and the step where there is a
/// dropout → [B, T, H].
package struct RecurrenceRead: NotDifferentiable {
  package static let name = "recurrence_read"
  package var form: RecurrenceForm

  package init(_ form: RecurrenceForm) { self.form = form }

  package static var samples: [Sample] {
    RecurrenceForm.samples.map { form, batch, steps, width in
      let record = TensorType(.float32, [batch, steps, width * form.cell.slots])
      let step: [(type: TensorType, content: Sample.Content)] =
        form.dropout == nil ? [] : [(TensorType(.int32, []), .integersFrom(1, 9))]
      return Sample(Self(form), [(record, .uniform(-1, 1))] + step)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(form.dropout == nil ? 1 : 2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 3...3)
    if form.dropout != nil {
      try operands.expect(1, element: .int32)
      try operands.expectExtents(1, [])
    }
    var shape = operands[0].shape
    if shape[2] % form.cell.slots != 0 {
      throw .notDivisible(what: "the record", value: shape[2], by: form.cell.slots)
    }
    shape[2] /= form.cell.slots
    return TensorType(.float32, shape)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let record = operands[0]
    let (batch, steps, width) = (record.shape[0], record.shape[1], record.shape[2] / form.cell.slots)
    var withoutMask = form
    withoutMask.hasMask = false
    let factors = withoutMask.factors(operands, from: 1, batch: batch, width: width)
    var result = HostTensor(shape: [batch, steps, width])
    let order = form.order(steps)
    for example in 0..<batch {
      for (position, step) in order.enumerated().dropFirst() {
        for unit in 0..<width {
          let from = ((example * steps + order[position - 1]) * form.cell.slots + form.cell.slots - 1) * width + unit
          result.values[(example * steps + step) * width + unit] =
            record.values[from] * factors[example * width + unit]
        }
      }
    }
    return result
  }
}
