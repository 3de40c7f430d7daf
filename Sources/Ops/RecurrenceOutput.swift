import Graphs
import KernelContract

/// The states of a recurrent layer: the operands of `Recurrence`, then its record → [B, T, H], or the state after the last step,
/// [B, H]. The result is a function of the operands, and so is differentiated; the record only keeps what was computed.
package struct RecurrenceOutput: Op {
  package static let name = "recurrence_output"
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
        let record = TensorType(.float32, [batch, steps, width * form.cell.slots])
        return Sample(
          Self(form, takesLast: takesLast),
          operands + [(record, .result(of: Recurrence(form), operands: Array(operands.indices)))])
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(form.operandCount + 1)
    let record = try form.stateType(operands.dropLast())
    try operands.expect(form.operandCount, shape: record.shape)
    let width = operands[1].shape[1]
    return TensorType(.float32, takesLast ? [record.shape[0], width] : [record.shape[0], record.shape[1], width])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    var gradients = [Value?](repeating: nil, count: adjoint.operands.count)
    let (record, weight) = (adjoint.operands[form.operandCount], adjoint.operands[1])
    let width = adjoint.operandTypes[1].shape[1]
    let further = Array(adjoint.operands[3..<form.operandCount])
    let all: Value
    do {
      all = try builder.add(
        RecurrenceGradient(form, takesLast: takesLast), [adjoint.gradient, record, weight] + further)
    } catch { throw .shape(error) }
    var (input, state) = (all, all)
    if form.cell == .gru {
      input = try builder.emit(Slice(axis: 2, start: 0, count: 3 * width), all)
      let first = try builder.emit(Slice(axis: 2, start: 0, count: 2 * width), all)
      let last = try builder.emit(Slice(axis: 2, start: 3 * width, count: width), all)
      state = try builder.emit(Concat(axis: 2), first, last)
    }
    if adjoint.needed[0] { gradients[0] = input }
    if adjoint.needed[1] {
      let step = form.dropout == nil ? [] : [further[further.count - 1]]
      let read: Value
      do { read = try builder.add(RecurrenceRead(form), [record] + step) } catch { throw .shape(error) }
      gradients[1] = try builder.emit(LinearWeightGradient(), read, state)
    }
    if adjoint.needed[2] { gradients[2] = try builder.emit(SumExcept(axis: 2), state) }
    return gradients
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let record = form.states(operands)
    let width = operands[1].shape[1]
    let (batch, steps) = (record.shape[0], record.shape[1])
    func state(_ example: Int, _ step: Int) -> ArraySlice<Double> {
      let start = ((example * steps + step) * form.cell.slots + form.cell.slots - 1) * width
      return record.values[start..<(start + width)]
    }
    if takesLast {
      let last = form.isReversed ? 0 : steps - 1
      return HostTensor(shape: [batch, width], values: (0..<batch).flatMap { state($0, last) })
    }
    return HostTensor(
      shape: [batch, steps, width],
      values: (0..<batch).flatMap { example in (0..<steps).flatMap { state(example, $0) } })
  }
}

extension RecurrenceOutput: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: operands.enumerated().map {
        $0 == form.operandCount ? .matrix($1.type) : $1.layout ?? .computed($1.type)
      },
      result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (record, y) = (site.operands[form.operandCount], site.result)
    let (batch, steps, width) = (record.type.shape[0], record.type.shape[1], y.columns)
    let first = takesLast && !form.isReversed ? steps - 1 : 0
    let copy = LayoutCopy(
      sourceStart: first * record.rowStride + (form.cell.slots - 1) * width,
      loops: [
        .init(extent: batch, source: steps * record.rowStride, target: (takesLast ? 1 : steps) * y.rowStride),
        .init(extent: takesLast ? 1 : steps, source: record.rowStride, target: y.rowStride),
        .init(extent: width, source: 1, target: 1),
      ])
    guard let call = copy.call(from: .operand(form.operandCount), to: .result) else {
      throw .noKernel(op: name, reason: "there are too many axes")
    }
    return Lowering(calls: [call])
  }
}
