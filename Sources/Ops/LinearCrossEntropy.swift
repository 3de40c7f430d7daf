import Graphs
import KernelContract

/// A linear layer with its cross-entropy, over blocks of rows, so that the scores of all rows never exist at once: x [..., K],
/// w [V, K], perhaps a bias [V], target index [...], and for gradients that of the loss (a scalar) → the wanted gradients (of w, of the
/// bias, of x), the mean loss, the mean loss without smoothing, and how many rows have their greatest score at the target, of equal
/// ones the first; one behind the other as one axis. See `SoftmaxCrossEntropy`, `CorrectCount` and `Unpack`.
package struct LinearCrossEntropy: NotDifferentiable {
  package static let name = "linear_cross_entropy"
  package var smoothing: Double
  package var ignore: Int?
  package var hasBias: Bool
  /// The gradients that are wanted.
  package var ofWeight: Bool
  package var ofBias: Bool
  package var ofInput: Bool
  /// The rows of a block; decides nothing but memory and rounding.
  package var blockRows: Int

  package init(
    smoothing: Double = 0, ignore: Int? = nil, hasBias: Bool = false, ofWeight: Bool = false, ofBias: Bool = false,
    ofInput: Bool = false, blockRows: Int
  ) {
    self.smoothing = smoothing
    self.ignore = ignore
    self.hasBias = hasBias
    self.ofWeight = ofWeight
    self.ofBias = ofBias
    self.ofInput = ofInput
    self.blockRows = blockRows
  }

  /// Whether it computes gradients, of that of the loss as its last operand.
  package var hasGradient: Bool { ofWeight || ofBias || ofInput }

  /// The numbers that stand behind the gradients.
  package enum Measure: Int, Sendable {
    case loss, plainLoss, correct
  }

  /// The shapes of what the result holds, in order: the gradients, then a scalar for each measure.
  package func shapes(x: [Int], weight: [Int]) -> [[Int]] {
    (ofWeight ? [weight] : []) + (ofBias ? [[weight[0]]] : []) + (ofInput ? [x] : []) + [[], [], []]
  }

  package static var samples: [Sample] {
    let all = (weight: true, bias: true, input: true)
    let forms: [(x: [Int], classes: Int, op: Self)] = [
      ([5, 7], 11, Self(blockRows: 2)), ([2, 7, 20], 37, Self(smoothing: 0.1, ignore: 2, blockRows: 5)),
      ([3, 9, 16], 48, Self(ignore: 0, ofWeight: true, ofInput: true, blockRows: 8)),
      ([13, 20], 37, Self(hasBias: true, ofWeight: all.weight, ofBias: all.bias, ofInput: all.input, blockRows: 4)),
      ([4, 17, 33], 19, Self(smoothing: 0.2, hasBias: true, ofInput: true, blockRows: 30)),
      ([29, 5], 70, Self(smoothing: 0.3, ignore: 1, ofWeight: true, blockRows: 100)),
      ([1, 3], 2, Self(hasBias: true, ofBias: true, blockRows: 1)),
    ]
    return forms.map { x, classes, op in
      var operands: [(type: TensorType, content: Sample.Content)] = [
        (TensorType(.float32, x), .uniform(-1, 1)), (TensorType(.float32, [classes, x[x.count - 1]]), .uniform(-1, 1)),
      ]
      if op.hasBias { operands.append((TensorType(.float32, [classes]), .uniform(-1, 1))) }
      operands.append((TensorType(.int32, x.dropLast()), .integers(classes)))
      if op.hasGradient { operands.append((TensorType(.float32, []), .uniform(0.5, 2))) }
      return Sample(op, operands)
    }
  }

  private var targetPosition: Int { hasBias ? 3 : 2 }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(targetPosition + (hasGradient ? 2 : 1))
    let scores = try Linear().resultType(Array(operands[..<2]))
    if hasBias { try operands.expect(2, shape: [operands[1].shape[0]]) }
    _ = try criterion().resultType([scores, operands[targetPosition]])
    if hasGradient { try operands.expect(targetPosition + 1, shape: []) }
    try expectAttribute("blockRows", blockRows, atLeast: 1)
    return try TensorType.list(shapes(x: operands[0].shape, weight: operands[1].shape))
  }

  private func criterion(smoothing: Double? = nil) -> SoftmaxCrossEntropy {
    SoftmaxCrossEntropy(smoothing: smoothing ?? self.smoothing, ignore: ignore)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (x, weight, target) = (operands[0], operands[1], operands[targetPosition])
    var scores = Linear().reference([x, weight])
    if hasBias { scores = AddBias(axis: scores.rank - 1).reference([scores, operands[2]]) }
    var values: [Double] = []
    if hasGradient {
      let slope = SoftmaxCrossEntropyGradient(smoothing: smoothing, ignore: ignore).reference([
        operands[targetPosition + 1], scores, target,
      ])
      if ofWeight { values += LinearWeightGradient().reference([x, slope]).values }
      if ofBias { values += SumExcept(axis: slope.rank - 1).reference([slope]).values }
      if ofInput { values += LinearDataGradient().reference([slope, weight]).values }
    }
    values += criterion().reference([scores, target]).values
    values += criterion(smoothing: 0).reference([scores, target]).values
    values += CorrectCount(ignore: ignore).reference([scores, target]).values
    return HostTensor(shape: [values.count], values: values)
  }
}

extension LinearCrossEntropy: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let panels = Layout.linearPanels(order: .plain)
    let (x, weight) = (operands[0].type, operands[1].type)
    let parts = shapes(x: x.shape, weight: weight.shape).map { shape in
      let type = TensorType(.float32, shape)
      return Layout.Part(shape: shape, layout: ofWeight && shape == weight.shape ? panels : .matrix(type))
    }
    return LayoutDecision(
      operands: [operands[0].wholeRows, panels] + operands.dropFirst(2).map { .computed($0.type) },
      result: .parts(parts))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    guard case .parts(let parts) = site.result.layout else {
      throw .noKernel(op: name, reason: "the result is no list of parts")
    }
    return BlockedLoss(self, site, target: targetPosition, parts: parts).lowering()
  }
}
