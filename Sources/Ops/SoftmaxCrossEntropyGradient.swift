import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The gradient of `SoftmaxCrossEntropy` for the logits: of the loss's gradient (scalar), logits and target,
/// `dloss / count * (softmax(logits) - smoothed target)`, and 0 in ignored rows; then perhaps weights of the classes.
package struct SoftmaxCrossEntropyGradient: NotDifferentiable {
  package static let name = "softmax_cross_entropy_gradient"
  package var smoothing: Double
  package var ignore: Int?
  package var hasWeights: Bool

  package init(smoothing: Double = 0, ignore: Int? = nil, hasWeights: Bool = false) {
    self.smoothing = smoothing
    self.ignore = ignore
    self.hasWeights = hasWeights
  }

  package static var samples: [Sample] {
    SoftmaxCrossEntropy.sampleShapes.map { op, logits in
      let target = TensorType(.int32, logits.dropLast())
      return Sample(
        Self(smoothing: op.smoothing, ignore: op.ignore, hasWeights: op.hasWeights),
        [
          (TensorType(.float32, []), .uniform(0.5, 2)), (TensorType(.float32, logits), .uniform(-3, 3)),
          (target, .integers(logits[logits.count - 1])),
        ] + op.sampleWeights(logits))
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(hasWeights ? 4 : 3)
    try operands.expect(0, shape: [])
    try operands.expectFloat(1)
    try operands.expect(1, rank: 2...8)
    try operands.expect(2, element: .int32)
    try operands.expectExtents(2, operands[1].shape.dropLast())
    if hasWeights { try operands.expect(3, shape: operands[1].shape.suffix(1)) }
    return operands[1]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (logits, target) = (operands[1], operands[2])
    let classes = logits.shape[logits.rank - 1]
    let rows = target.values.indices.filter { Int(target.values[$0]) != ignore }
    let weights = hasWeights ? operands[3].values : [Double](repeating: 1, count: classes)
    let weightSum = weights.reduce(0, +)
    let count = rows.reduce(0) { $0 + weights[Int(target.values[$1])] }
    var result = HostTensor(shape: logits.shape)
    for row in rows {
      let label = Int(target.values[row])
      let values = Array(logits.values[(row * classes)..<((row + 1) * classes)])
      let greatest = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - greatest) }
      for index in 0..<classes {
        let own = (1 - smoothing) * weights[label]
        let share = smoothing / Double(classes)
        let wanted = (index == label ? own : 0) + share * weights[index]
        let difference = exp(values[index] - greatest) / sum * (own + share * weightSum) - wanted
        result.values[row * classes + index] = operands[0].values[0] * difference / count
      }
    }
    return result
  }
}

extension SoftmaxCrossEntropyGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[1].wholeRows
    return LayoutDecision(
      operands: operands.indices.map { $0 == 1 ? layout : .computed(operands[$0].type) }, result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let logits = site.operands[1]
    return Lowering(
      KernelContract.SoftmaxCrossEntropyGradient.sequence(
        rows: logits.rows, classes: logits.columns, rowStride: logits.rowStride,
        labels: site.operands[2].labels(ignored: ignore), smoothing: smoothing, hasWeights: hasWeights),
      mayOverwrite: hasWeights ? [] : [1])
  }
}
