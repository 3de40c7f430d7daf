import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adds to each place of x [..., T, D] its sinusoidal position (A. Vaswani et al., 2017): `sin(t / 10000^(2i / D))` in column 2i and
/// the cosine of the same in column 2i + 1.
package struct AddSinusoid: Op {
  package static let name = "add_sinusoid"

  package init() {}

  package static var samples: [Sample] {
    [[2, 5, 7], [3, 16, 20], [2, 300, 4]].map { Sample(Self(), shapes: [$0]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 3...3)
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    let (places, width) = (result.shape[1], result.shape[2])
    for index in result.values.indices {
      let (place, column) = (index / width % places, index % width)
      let angle = Double(place) / pow(10_000, Double(column / 2 * 2) / Double(width))
      result.values[index] += column % 2 == 0 ? sin(angle) : cos(angle)
    }
    return result
  }
}

extension AddSinusoid: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].wholeRows
    return LayoutDecision(operands: [layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    let parameters = SinusoidParameters(
      examples: x.type.shape[0], places: x.type.shape[1], width: x.columns, rowStride: x.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result])], mayOverwrite: [0])
  }
}
