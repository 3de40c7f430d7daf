/// Sums over each channel of a convolution's result that its items take of what they have just stored: the first of two calls, of which
/// `ResultTotals` is the second.
///
/// Its operands stand behind those of the epilogue; the last one is the partial sums. Each part of the result (what a part is depends on
/// shapes alone) leaves its own: for each panel of 16 channels `vectors` vectors.
package enum ResultSums: UInt8, Sendable, Hashable {
  case none
  /// For mean and variance: the number of pixels, an origin, the sums of distances from it and of their squares. No operand but the
  /// partial sums.
  case statistics
  /// The sums of the values, and of each times the distance of x from its channel's mean. Operands: x (laid out like the result), its
  /// means, the partial sums.
  case gradient

  /// The vectors of a panel's partial sums.
  package var vectors: Int {
    switch self {
    case .none: 0
    case .statistics: 4
    case .gradient: 2
    }
  }
}

/// A pass of a convolution that can take `ResultSums`.
package protocol SummingParameters: KernelParameters {
  var sums: ResultSums { get }
  /// How many parts leave sums, and of how many panels of channels.
  var sumParts: Int { get }
  var sumPanels: Int { get }
}

/// Adds the partial sums of all parts, in order and in double precision, and makes the results of them.
///
/// Operands of statistics: the partial sums, mean, biased variance. Of gradients: the partial sums, the variance of x, the sums of dy and
/// those of dy times the normalised x in two rows `resultStride` floats apart.
package struct ResultTotals: KernelParameters {
  package static let name = "result_totals"

  package let sums: ResultSums
  package let parts: Int
  package let panels: Int
  /// The pixels of all parts.
  package let count: Int
  package let resultStride: Int
  /// Added to the variance before its root is taken (gradients only).
  package let epsilon: Float

  package func kernel(in table: KernelTable) -> Kernel { table.resultTotals }
  package var items: Int { panels }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(2 * parts * panels * sums.vectors * 16) }
}

extension KernelSequence {
  /// The sequence whose last call takes sums, of `operands`, with the call that makes `results` of them; nil where that call cannot.
  package func summing(
    _ count: Int, operands: [CallOperand], results: [CallOperand], resultStride: Int = 0, epsilon: Double = 0
  ) -> KernelSequence? {
    guard let pass = calls.last, let parameters = pass.parameters as? any SummingParameters, parameters.sums != .none
    else { return nil }
    let start = (workspaceBytes + 63) / 64 * 64
    let partials = CallOperand.workspace(byteOffset: start)
    let totals = ResultTotals(
      sums: parameters.sums, parts: parameters.sumParts, panels: parameters.sumPanels, count: count,
      resultStride: resultStride, epsilon: Float(epsilon))
    var result = self
    result.calls[calls.count - 1] = KernelCall(parameters, operands: pass.operands + operands + [partials])
    result.calls.append(KernelCall(totals, operands: [partials] + results))
    result.workspaceBytes = start + 64 * totals.parts * totals.panels * totals.sums.vectors
    return result
  }
}

extension Conv2DShape {
  /// Whether the kernels of the convolution, and of the gradient of its weights, take `InputNormalization`: dense ones, which load their
  /// input through a transform or a copy.
  package var normalizesInput: Bool { takesSums(isGradient: false) }

  /// Whether the convolution, or the gradient of its data, can take `ResultSums`: by a dense pass whose items own whole vectors of the
  /// result.
  package func takesSums(isGradient: Bool) -> Bool {
    let ownsVectors = groups == 1 || (isGradient ? inputs : outputs) % 16 == 0
    return !isDepthwise && !isPointwise && ownsVectors && (!isGradient || padding == .zeros)
  }
}
