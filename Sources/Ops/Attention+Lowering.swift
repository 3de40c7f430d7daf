import Graphs
import KernelContract

extension AttentionForm {
  /// The layouts of the operands of `Attention`.
  func layouts(_ operands: [PlacedType]) -> [Layout] {
    operands.enumerated().map { position, operand in
      switch position {
      case 0..<3: operand.wholeRows
      case 3 where hasBias: .matrix(operand.type)
      case maskPosition where mask != .none: operand.tokens
      default: .computed(operand.type)
      }
    }
  }

  /// The kernel's view of the operands of `Attention`.
  func shape(_ operands: [LoweringSite.Tensor]) -> AttentionShape {
    let (query, key) = (operands[0].type.shape, operands[1].type.shape)
    return AttentionShape(
      extents: AttentionExtents(
        examples: query[0], heads: heads, queries: query[1], keys: key[1], width: query[2] / max(1, heads)),
      scale: scale, isCausal: isCausal, queryStride: operands[0].rowStride, keyStride: operands[1].rowStride,
      valueStride: operands[2].rowStride, biasStride: hasBias ? operands[3].rowStride : nil, mask: mask,
      maskStride: mask == .none ? 0 : operands[maskPosition].rowStride, dropout: dropout?.key)
  }
}

extension Attention: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: form.layouts(operands), result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = AttentionParameters(form.shape(site.operands), resultStride: site.result.rowStride)
    return Lowering(
      calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])],
      note: "blocks of \(parameters.shape.block) queries")
  }
}

extension AttentionGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: [operands[0].wholeRows] + form.layouts(Array(operands[1...])), result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = AttentionGradientParameters(
      form.shape(Array(site.operands[1...])), upstreamStride: site.operands[0].rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])])
  }
}

extension RelativeBias: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [.matrix(operands[0].type)], result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    Lowering(calls: [
      KernelCall(
        buckets.parameters(table: site.operands[0], biases: site.result, isGradient: false),
        operands: [.operand(0), .result])
    ])
  }
}

extension RelativeBiasGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [.matrix(operands[0].type)], result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    Lowering(calls: [
      KernelCall(
        buckets.parameters(table: site.result, biases: site.operands[0], isGradient: true),
        operands: [.operand(0), .result])
    ])
  }
}

extension RelativeBuckets {
  fileprivate func parameters(
    table: LoweringSite.Tensor, biases: LoweringSite.Tensor, isGradient: Bool
  ) -> RelativeBiasParameters {
    RelativeBiasParameters(
      self, heads: biases.type.shape[0], queries: biases.type.shape[1], keys: biases.type.shape[2],
      tableStride: table.rowStride, biasStride: biases.rowStride, isGradient: isGradient)
  }
}
