import Graphs
import KernelContract

extension RecurrenceForm {
  /// The kernel's view of a layer whose record and mask lie so.
  func shape(
    _ record: LoweringSite.Tensor, width: Int, mask: LoweringSite.Tensor?
  ) -> RecurrenceShape {
    RecurrenceShape(
      cell: cell, examples: record.type.shape[0], steps: record.type.shape[1], width: width, isReversed: isReversed,
      recordStride: record.rowStride, maskStride: mask?.rowStride ?? 0, dropout: dropout?.key)
  }

  /// The layouts of mask and step.
  func furtherLayouts(_ operands: ArraySlice<PlacedType>) -> [Layout] {
    operands.map { $0.type.rank == 2 ? $0.tokens : .computed($0.type) }
  }
}

extension Recurrence: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: [operands[0].wholeRows, .linearPanels(order: .plain), .computed(operands[2].type)]
        + form.furtherLayouts(operands[3...]), result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = form.shape(
      site.result, width: site.operands[1].type.shape[1], mask: form.hasMask ? site.operands[3] : nil)
    let parameters = RecurrenceParameters(shape, inputStride: site.operands[0].rowStride)
    return Lowering(
      calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])],
      note: "\(shape.items) blocks of \(shape.block) examples")
  }
}

extension RecurrenceGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: [operands[0].wholeRows, operands[1].wholeRows, .linearPanels(order: .plain)]
        + form.furtherLayouts(operands[3...]), result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = form.shape(
      site.operands[1], width: site.operands[2].type.shape[1], mask: form.hasMask ? site.operands[3] : nil)
    let parameters = RecurrenceGradientParameters(
      shape, takesLast: takesLast, upstreamStride: site.operands[0].rowStride, resultStride: site.result.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])])
  }
}

extension RecurrenceRead: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: [operands[0].wholeRows] + form.furtherLayouts(operands[1...]), result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = form.shape(site.operands[0], width: site.result.columns, mask: nil)
    let parameters = RecurrenceReadParameters(shape, resultStride: site.result.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])])
  }
}
