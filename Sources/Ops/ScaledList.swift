import Graphs
import KernelContract

/// The numbers of a list times a scalar: x [] → [count]. How a list that the user wrote comes into a graph.
package struct ScaledList: NotDifferentiable {
  package static let name = "scaled_list"
  package var values: [Double]

  package init(values: [Double]) { self.values = values }

  package static var samples: [Sample] {
    [
      Sample(Self(values: [0.5, -1, 3]), shapes: [[]]), Sample(Self(values: [2]), shapes: [[]]),
      Sample(Self(values: (0..<77).map { Double($0) / 8 }), shapes: [[]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expect(0, shape: [])
    if values.isEmpty { throw .attribute(name: "values", reason: "there are none") }
    return TensorType(.float32, [values.count])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: [values.count], values: values.map { $0 * operands[0].values[0] })
  }
}

extension ScaledList: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [.computed(operands[0].type)], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parts = stride(from: 0, to: values.count, by: ScaledListParameters.capacity).map { start in
      ScaledListParameters(
        start: start, values: values.dropFirst(start).prefix(ScaledListParameters.capacity).map { Float($0) })
    }
    return Lowering(calls: parts.map { KernelCall($0, operands: [.operand(0), .result]) })
  }
}
