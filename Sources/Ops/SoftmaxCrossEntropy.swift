import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The mean over all rows of the cross-entropy of softmax(logits) with the target: logits [N..., C], target index
/// [N...], perhaps weights of the classes [C] → scalar, as `torch.nn.CrossEntropyLoss` with `label_smoothing`, `ignore_index` and
/// `weight`. The loss of no rows is 0.
package struct SoftmaxCrossEntropy: Op {
  package static let name = "softmax_cross_entropy"
  /// The part of the target that is spread evenly over all classes.
  package var smoothing: Double
  /// Rows with this target count for nothing.
  package var ignore: Int?
  /// Whether the classes have weights: rows then count as much as their class.
  package var hasWeights: Bool

  package init(smoothing: Double = 0, ignore: Int? = nil, hasWeights: Bool = false) {
    self.smoothing = smoothing
    self.ignore = ignore
    self.hasWeights = hasWeights
  }

  /// Rules with shapes of logits.
  static let sampleShapes: [(op: SoftmaxCrossEntropy, logits: [Int])] = [
    (Self(), [5, 10]), (Self(smoothing: 0.1), [33, 37]), (Self(ignore: 2), [2, 7, 5]),
    (Self(smoothing: 0.2, ignore: 0), [20, 16]), (Self(), [1, 3]),
    (Self(hasWeights: true), [5, 10]), (Self(smoothing: 0.3, ignore: 1, hasWeights: true), [2, 9, 37]),
  ]

  package static var samples: [Sample] {
    sampleShapes.map { op, logits in
      let target = TensorType(.int32, logits.dropLast())
      return Sample(
        op,
        [(TensorType(.float32, logits), .uniform(-3, 3)), (target, .integers(logits[logits.count - 1]))]
          + op.sampleWeights(logits))
    }
  }

  /// The weights of a sample.
  func sampleWeights(_ logits: [Int]) -> [(type: TensorType, content: Sample.Content)] {
    hasWeights ? [(TensorType(.float32, [logits[logits.count - 1]]), .uniform(0.2, 2))] : []
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(hasWeights ? 3 : 2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...8)
    try operands.expect(1, element: .int32)
    try operands.expectExtents(1, operands[0].shape.dropLast())
    if hasWeights { try operands.expect(2, shape: operands[0].shape.suffix(1)) }
    if !(0...1).contains(smoothing) { throw .attribute(name: "smoothing", reason: "\(smoothing) is not in 0 ... 1") }
    return TensorType(.float32, [])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let op = SoftmaxCrossEntropyGradient(smoothing: smoothing, ignore: ignore, hasWeights: hasWeights)
    if hasWeights {
      let (logits, target, weights) = (adjoint.operands[0], adjoint.operands[1], adjoint.operands[2])
      return [try builder.emit(op, adjoint.gradient, logits, target, weights), nil, nil]
    }
    return [try builder.emit(op, adjoint.gradient, adjoint.operands[0], adjoint.operands[1]), nil]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (logits, target) = (operands[0], operands[1])
    let classes = logits.shape[logits.rank - 1]
    let weights = hasWeights ? operands[2].values : [Double](repeating: 1, count: classes)
    var (loss, count) = (0.0, 0.0)
    for row in target.values.indices where Int(target.values[row]) != ignore {
      let values = Array(logits.values[(row * classes)..<((row + 1) * classes)])
      let greatest = values.max() ?? 0
      let logSum = greatest + log(values.reduce(0) { $0 + exp($1 - greatest) })
      let label = Int(target.values[row])
      loss += (1 - smoothing) * weights[label] * (logSum - values[label])
      for index in 0..<classes { loss += smoothing / Double(classes) * weights[index] * (logSum - values[index]) }
      count += weights[label]
    }
    return HostTensor(shape: [], values: [count == 0 ? 0 : loss / count])
  }
}

extension SoftmaxCrossEntropy: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: [operands[0].wholeRows] + operands.dropFirst().map { .computed($0.type) }, result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let logits = site.operands[0]
    return Lowering(
      SoftmaxCrossEntropyRows.sequence(
        rows: logits.rows, classes: logits.columns, rowStride: logits.rowStride,
        labels: site.operands[1].labels(ignored: ignore), smoothing: smoothing, hasWeights: hasWeights))
  }
}

extension LoweringSite.Tensor {
  /// The tensor as classes of rows.
  func labels(ignored: Int?) -> ClassLabels {
    type.rank < 2
      ? ClassLabels(count: type.count, ignored: ignored)
      : ClassLabels(width: columns, stride: rowStride, ignored: ignored)
  }
}
