import Graphs
import KernelContract

/// Products of matrices: a [..., m, k], b [..., k, n] → [..., m, n], where either may lie transposed.
package struct BatchProduct: Op {
  package static let name = "batch_product"
  /// a is [..., k, m].
  package var transposesFirst: Bool
  /// b is [..., n, k]. Not both.
  package var transposesSecond: Bool

  package init(transposesFirst: Bool = false, transposesSecond: Bool = false) {
    self.transposesFirst = transposesFirst
    self.transposesSecond = transposesSecond
  }

  package static var samples: [Sample] {
    [
      Sample(Self(), shapes: [[3, 5], [5, 7]]), Sample(Self(), shapes: [[2, 17, 9], [2, 9, 33]]),
      Sample(Self(), shapes: [[2, 3, 4, 5], [2, 3, 5, 6]]), Sample(Self(), shapes: [[2, 20, 16], [2, 16, 32]]),
      Sample(Self(transposesSecond: true), shapes: [[2, 17, 9], [2, 33, 9]]),
      Sample(Self(transposesFirst: true), shapes: [[2, 9, 17], [2, 9, 33]]),
      Sample(Self(transposesFirst: true), shapes: [[2, 16, 20], [2, 16, 32]]),
      Sample(Self(transposesSecond: true), shapes: [[2, 16, 20], [2, 32, 20]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expectFloat(1)
    try operands.expect(0, rank: 2...8)
    let rank = operands[0].rank
    try operands.expect(1, rank: rank...rank)
    if transposesFirst && transposesSecond { throw .attribute(name: "transposes", reason: "both cannot be") }
    let (a, b) = (operands[0].shape, operands[1].shape)
    let depth = transposesFirst ? a[rank - 2] : a[rank - 1]
    let rows = transposesFirst ? a[rank - 1] : a[rank - 2]
    let columns = transposesSecond ? b[rank - 2] : b[rank - 1]
    try operands.expectExtents(1, a.dropLast(2) + (transposesSecond ? [columns, depth] : [depth, columns]))
    return TensorType(.float32, a.dropLast(2) + [rows, columns])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let (dy, a, b) = (adjoint.gradient, adjoint.operands[0], adjoint.operands[1])
    let first =
      transposesFirst
      ? try builder.emit(Self(transposesSecond: true), b, dy)
      : try builder.emit(Self(transposesSecond: !transposesSecond), dy, b)
    let second =
      transposesSecond
      ? try builder.emit(Self(transposesFirst: true), dy, a)
      : try builder.emit(Self(transposesFirst: !transposesFirst), a, dy)
    return [first, second]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (a, b) = (operands[0], operands[1])
    let (i, j) = (a.rank - 2, a.rank - 1)
    let depth = transposesFirst ? a.shape[i] : a.shape[j]
    let rows = transposesFirst ? a.shape[j] : a.shape[i]
    let columns = transposesSecond ? b.shape[i] : b.shape[j]
    var result = HostTensor(shape: a.shape.dropLast(2) + [rows, columns])
    for batch in 0..<(result.count / max(1, rows * columns)) {
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = 0.0
          for k in 0..<depth {
            let x = a.values[batch * rows * depth + (transposesFirst ? k * rows + row : row * depth + k)]
            let y = b.values[batch * depth * columns + (transposesSecond ? column * depth + k : k * columns + column)]
            sum += x * y
          }
          result.values[(batch * rows + row) * columns + column] = sum
        }
      }
    }
    return result
  }
}

extension BatchProduct: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: operands.map { .matrix($0.type) }, result: .matrix(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (a, b, c) = (site.operands[0], site.operands[1], site.result)
    let rank = c.type.rank
    let (rows, columns) = (c.type.shape[rank - 2], c.type.shape[rank - 1])
    let depth = a.type.shape[transposesFirst ? rank - 2 : rank - 1]
    let product = MatrixProductParameters(
      rows: rows, columns: columns, depth: depth,
      a: transposesFirst ? .columnMajor(a.rowStride) : .rowMajor(a.rowStride),
      b: transposesSecond ? .columnMajor(b.rowStride) : .rowMajor(b.rowStride), cRowStride: c.rowStride,
      epilogue: Epilogue(), batch: c.type.count / max(1, rows * columns),
      aBatchStride: a.type.shape[rank - 2] * a.rowStride, bBatchStride: b.type.shape[rank - 2] * b.rowStride,
      cBatchStride: rows * c.rowStride)
    return Lowering(calls: [KernelCall(product, operands: [.operand(0), .operand(1), .result])])
  }
}
