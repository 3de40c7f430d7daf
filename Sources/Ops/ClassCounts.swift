import Graphs
import KernelContract

/// What was predicted and what was true, counted: logits [N..., C] with target index [N...], or logit [N] with target bool [N].
/// The result is [3, C], for each class how often it was predicted rightly, how often it was predicted, how often it was
/// true (for bool of `true` alone, [3, 1]); or of pairs [C, C], for each true class how often each class was predicted.
package struct ClassCounts: NotDifferentiable {
  package static let name = "class_counts"
  package var countsPairs: Bool

  package init(countsPairs: Bool) { self.countsPairs = countsPairs }

  package static var samples: [Sample] {
    [true, false].flatMap { pairs in
      [[5, 10], [33, 2], [2, 7, 37]].map { logits in
        Sample(
          Self(countsPairs: pairs),
          [
            (TensorType(.float32, logits), .uniform(-1, 1)),
            (TensorType(.int32, logits.dropLast()), .integers(logits[logits.count - 1])),
          ])
      }
        + [
          Sample(
            Self(countsPairs: pairs),
            [(TensorType(.float32, [40]), .uniform(-1, 1)), (TensorType(.bool, [40]), .flags)])
        ]
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 1...8)
    if operands[1].element == .bool {
      try operands.expect(0, rank: 1...1)
      try operands.expectExtents(1, operands[0].shape)
      return TensorType(.float32, countsPairs ? [2, 2] : [3, 1])
    }
    try operands.expect(1, element: .int32)
    try operands.expect(0, rank: 2...8)
    try operands.expectExtents(1, operands[0].shape.dropLast())
    let classes = operands[0].shape[operands[0].rank - 1]
    return TensorType(.float32, [countsPairs ? classes : 3, classes])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (logits, target) = (operands[0], operands[1])
    let isBinary = logits.rank == target.rank
    let classes = isBinary ? 2 : logits.shape[logits.rank - 1]
    var pairs = HostTensor(shape: [classes, classes])
    for row in target.values.indices {
      let numbers = isBinary ? [0, logits.values[row]] : Array(logits.values[row * classes..<(row + 1) * classes])
      let predicted = numbers.indices.max { (numbers[$0], $1) < (numbers[$1], $0) } ?? 0
      pairs.values[Int(target.values[row]) * classes + predicted] += 1
    }
    if countsPairs { return pairs }
    let counted = isBinary ? [1] : Array(0..<classes)
    let hits = counted.map { pairs.values[$0 * classes + $0] }
    let predicted = counted.map { column in (0..<classes).reduce(0) { $0 + pairs.values[$1 * classes + column] } }
    let actual = counted.map { row in (0..<classes).reduce(0) { $0 + pairs.values[row * classes + $1] } }
    return HostTensor(shape: [3, counted.count], values: hits + predicted + actual)
  }
}

extension ClassCounts: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let isBinary = operands[1].type.element == .bool
    return LayoutDecision(
      operands: [isBinary ? .computed(operands[0].type) : operands[0].wholeRows, .computed(operands[1].type)],
      result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (logits, target) = (site.operands[0], site.operands[1])
    let isBinary = target.type.element == .bool
    let parameters = ClassCountsParameters(
      countsPairs ? .pairs : .hits, rows: target.type.count, classes: isBinary ? 1 : logits.columns,
      rowStride: isBinary ? 1 : logits.rowStride, labels: target.labels(ignored: nil),
      resultStride: site.result.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .operand(1), .result])])
  }
}
