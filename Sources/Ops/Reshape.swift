import Graphs
import KernelContract

/// The same elements in row-major order under another shape.
package struct Reshape: Op {
  package static let name = "reshape"
  /// All axes, the batch included.
  package var shape: [Int]

  package init(shape: [Int]) { self.shape = shape }

  package static var samples: [Sample] {
    [
      Sample(Self(shape: [2, 36]), shapes: [[2, 3, 3, 4]]),
      Sample(Self(shape: [2, 192]), shapes: [[2, 16, 3, 4]]),
      Sample(Self(shape: [2, 228]), shapes: [[2, 19, 3, 4]]),
      Sample(Self(shape: [2, 16, 3, 4]), shapes: [[2, 192]]),
      Sample(Self(shape: [2, 1, 5, 7]), shapes: [[2, 35]]),
      Sample(Self(shape: [3, 5, 7]), shapes: [[3, 35]]),
      Sample(Self(shape: [15, 7]), shapes: [[3, 5, 7]]),
      Sample(Self(shape: [5]), shapes: [[5, 1]]),
      Sample(Self(shape: [5, 1]), shapes: [[5]]),
      Sample(Self(shape: [1]), shapes: [[]]),
      Sample(Self(shape: [4, 6]), shapes: [[2, 3, 4]]),
      Sample(Self(shape: [2, 3, 4, 4]), shapes: [[6, 16]]),
      Sample(Self(shape: [2, 48]), shapes: [[2, 1, 6, 8]]),
      Sample(Self(shape: [4, 3, 1, 16]), shapes: [[12, 16]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    let result = TensorType(operands[0].element, shape)
    guard let count = result.checkedCount else { throw .tooLarge(shape: shape) }
    if count != operands[0].count { throw .countMismatch(expected: operands[0].count, found: count) }
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Reshape(shape: adjoint.operandTypes[0].shape), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: shape, values: operands[0].values)
  }
}

extension Reshape: Executable {
  package func passesBytes(_ operand: TensorType, to result: TensorType) -> Bool {
    result.rank == 2 && result.shape[0] == operand.shape[0]
  }

  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let x = operands[0]
    let layout = x.layout ?? .computed(x.type)
    return LayoutDecision(operands: [layout], result: alias(of: x.type, layout, as: result) ?? .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (x, y) = (site.operands[0], site.result)
    if alias(of: x.type, x.layout, as: y.type) == y.layout { return Lowering(alias: 0, note: "same memory") }
    guard let lowering = LayoutCopy.lowering(from: (x.type, x.layout), to: (y.type, y.layout)) else {
      throw .noKernel(op: name, reason: "\(x.type) as \(y.type) takes too many loops")
    }
    return lowering
  }

  /// The layout under which memory that holds x is the result as it is.
  private func alias(of x: TensorType, _ layout: Layout, as result: TensorType) -> Layout? {
    switch layout {
    case .channelsLast(let stride):
      if x == result { return layout }
      // Flattened, an image without padding between its pixels.
      if result.rank == 2, result.shape[0] == x.shape[0], stride == x.shape[1] {
        return .flattenedChannelsLast(channels: stride, height: x.shape[2], width: x.shape[3])
      }
      return nil
    case .flattenedChannelsLast(let channels, let height, let width):
      if x == result { return layout }
      return result.shape == [x.shape[0], channels, height, width] ? .channelsLast(stride: channels) : nil
    case .rows(let stride):
      // A row of one channel is an image in either order, and several axes before the last fold into one.
      let last = x.shape.last ?? 1
      if result.rank >= 2, x.rank >= 2, result.rank != 4, result.shape.last == last { return layout }
      let isDense = x.rank < 2 || stride == last || x.count == last
      guard isDense else { return nil }
      switch result.rank {
      case 0, 1: return .computed(result)
      case 4: return result.shape[1] == 1 ? .channelsLast(stride: 1) : nil
      default:
        let columns = result.shape[result.rank - 1]
        return columns % Layout.lanes == 0 || result.count == columns ? .rows(stride: columns) : nil
      }
    case .bytes: return result.rank >= 2 && result.shape[0] == x.shape[0] ? layout : nil
    case .linearPanels, .convolutionPanels, .parts, .pictures, .byteImage: return x == result ? layout : nil
    }
  }
}
