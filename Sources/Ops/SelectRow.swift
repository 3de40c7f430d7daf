import Graphs

/// One row of a matrix: x [R, C] → [C].
package struct SelectRow: NotDifferentiable {
  package static let name = "select_row"
  package var row: Int

  package init(row: Int) { self.row = row }

  package static var samples: [Sample] {
    [Sample(Self(row: 0), shapes: [[2, 19]]), Sample(Self(row: 1), shapes: [[2, 5]])]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...2)
    if !(0..<operands[0].shape[0]).contains(row) { throw .attribute(name: "row", reason: "there is no row \(row)") }
    return TensorType(.float32, [operands[0].shape[1]])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let columns = operands[0].shape[1]
    return HostTensor(shape: [columns], values: Array(operands[0].values[(row * columns)..<((row + 1) * columns)]))
  }
}

extension SelectRow: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].wholeRows], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    let copy = LayoutCopy(sourceStart: row * x.rowStride, loops: [.init(extent: x.columns, source: 1, target: 1)])
    guard let call = copy.call(from: .operand(0), to: .result) else {
      throw .noKernel(op: name, reason: "the copy is refused")
    }
    return Lowering(calls: [call])
  }
}
