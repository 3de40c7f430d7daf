import Graphs
import KernelContract

/// The gradients of the gates of `Recurrence`, before their functions: dy [B, T, H], or [B, H] of the last state, the record, the
/// weight, then mask and step where there are such → [B, T, G·H], with a fourth part for a GRU.
package struct RecurrenceGradient: NotDifferentiable {
  package static let name = "recurrence_gradient"
  package var form: RecurrenceForm
  package var takesLast: Bool

  package init(_ form: RecurrenceForm, takesLast: Bool) {
    self.form = form
    self.takesLast = takesLast
  }

  package static var samples: [Sample] {
    RecurrenceForm.samples.flatMap { form, batch, steps, width in
      [true, false].map { takesLast in
        let operands = form.sampleOperands(batch, steps, width)
        let dy = TensorType(.float32, takesLast ? [batch, width] : [batch, steps, width])
        // Any record whose numbers are between 0 and 1 will do.
        let record = TensorType(.float32, [batch, steps, width * form.cell.slots])
        return Sample(
          Self(form, takesLast: takesLast),
          [(dy, .uniform(-1, 1)), (record, .uniform(0.1, 0.9)), operands[1]] + operands[3...])
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(form.operandCount)
    try operands.expectFloat(1)
    try operands.expect(1, rank: 3...3)
    try operands.expectFloat(2)
    try operands.expect(2, rank: 2...2)
    let (record, width) = (operands[1].shape, operands[2].shape[1])
    let (extent, overflow) = width.multipliedReportingOverflow(by: max(form.cell.slots, form.cell.gates))
    if overflow || extent < 0 { throw .tooLarge(shape: operands[2].shape) }
    try operands.expectExtents(2, [form.cell.gates * width, width])
    try operands.expectExtents(1, [record[0], record[1], form.cell.slots * width])
    try operands.expect(0, shape: takesLast ? [record[0], width] : [record[0], record[1], width])
    try form.expectFurther(operands, from: 3, batch: record[0], steps: record[1])
    return TensorType(.float32, [record[0], record[1], form.cell.gradients * width])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor { form.gateGradients(operands, takesLast: takesLast) }
}
