import Graphs
import KernelContract

extension InputNormalization {
  /// `x`, whose channels are those of `axis`, with the vectors from `first` on, in float64.
  func reference(_ x: HostTensor, axis: Int, operands: [HostTensor], from first: Int) -> HostTensor {
    if self == .none { return x }
    let (_, channels, inner) = x.around(axis)
    let (scale, shift) = (operands[first], operands[first + 1])
    var result = x
    for index in result.values.indices {
      let channel = index / inner % channels
      let value = result.values[index] * scale.values[channel] + shift.values[channel]
      result.values[index] = self == .rectified ? max(value, 0) : value
    }
    return result
  }
}

extension InputNormalization: CustomStringConvertible {
  package var description: String {
    switch self {
    case .none: ""
    case .linear: "linear"
    case .rectified: "rectified"
    }
  }
}
