import Graphs
import KernelContract

/// Normalises each row along the last axis, then scales it: x [..., D], weight [D] → x's type.
///
/// Centred it is layer normalisation (J. L. Ba et al., 2016), `(x - mean) / sqrt(variance + ε) * weight + bias`, with the biased
/// variance and a further operand bias [D]. Else it is RMS normalisation (B. Zhang and R. Sennrich, 2019),
/// `x / sqrt(mean of x² + ε) * weight`.
package struct RowNormalize: Op {
  package static let name = "row_normalize"
  package var isCentered: Bool
  package var epsilon: Double

  package init(isCentered: Bool, epsilon: Double) {
    self.isCentered = isCentered
    self.epsilon = epsilon
  }

  package static var samples: [Sample] {
    rowNormalizeSamples.map { op, shape in
      let parameter = (type: TensorType(.float32, [shape[shape.count - 1]]), content: Sample.Content.uniform(0.5, 2))
      return Sample(
        op, [(TensorType(.float32, shape), .uniform(-1, 1)), parameter] + (op.isCentered ? [parameter] : []))
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(isCentered ? 3 : 2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...8)
    for operand in 1..<operands.count { try operands.expect(operand, shape: [operands[0].shape[operands[0].rank - 1]]) }
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let (dy, x, weight) = (adjoint.gradient, adjoint.operands[0], adjoint.operands[1])
    let data = RowNormalizeDataGradient(isCentered: isCentered, epsilon: epsilon)
    let scale = RowNormalizeWeightGradient(isCentered: isCentered, epsilon: epsilon)
    var gradients: [Value?] = [
      adjoint.needed[0] ? try builder.emit(data, dy, x, weight) : nil,
      adjoint.needed[1] ? try builder.emit(scale, dy, x) : nil,
    ]
    if isCentered {
      gradients.append(
        adjoint.needed[2] ? try builder.emit(SumExcept(axis: adjoint.operandTypes[0].rank - 1), dy) : nil)
    }
    return gradients
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    var result = x
    for (row, values) in normalizedRows(x, isCentered: isCentered, epsilon: epsilon).rows.enumerated() {
      for (column, value) in values.enumerated() {
        let bias = isCentered ? operands[2].values[column] : 0
        result.values[row * values.count + column] = value * operands[1].values[column] + bias
      }
    }
    return result
  }
}

/// Ops with the shapes that they are tried with.
let rowNormalizeSamples: [(op: RowNormalize, shape: [Int])] = [true, false].flatMap { isCentered in
  [[5, 7], [2, 3, 37], [4, 16], [70, 33]].map {
    (RowNormalize(isCentered: isCentered, epsilon: isCentered ? 1e-5 : 1e-6), $0)
  }
}

/// The rows of x normalised, without scale and bias, and the factor of each.
func normalizedRows(_ x: HostTensor, isCentered: Bool, epsilon: Double) -> (rows: [[Double]], factors: [Double]) {
  let width = x.shape[x.rank - 1]
  var (rows, factors): ([[Double]], [Double]) = ([], [])
  for start in stride(from: 0, to: x.count, by: max(1, width)) {
    let values = x.values[start..<(start + width)]
    let mean = isCentered ? values.reduce(0, +) / Double(width) : 0
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
    let factor = 1 / (square + epsilon).squareRoot()
    rows.append(values.map { ($0 - mean) * factor })
    factors.append(factor)
  }
  return (rows, factors)
}

extension RowNormalize: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].wholeRows
    return LayoutDecision(
      operands: operands.enumerated().map { $0 == 0 ? layout : .computed($1.type) }, result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = site.operands[0].normalization(.forward, isCentered: isCentered, epsilon: epsilon)
    return Lowering(
      calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])], mayOverwrite: [0])
  }
}

extension LoweringSite.Tensor {
  /// The pass over the rows of this matrix.
  func normalization(
    _ pass: RowNormalizationParameters.Pass, isCentered: Bool, epsilon: Double
  ) -> RowNormalizationParameters {
    RowNormalizationParameters(
      pass, rows: rows, columns: columns, rowStride: rowStride, isCentered: isCentered, epsilon: epsilon)
  }
}
