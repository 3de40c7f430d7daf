import Graphs
import KernelContract
import Ops

/// The copy of a tensor from one layout to another; nil where no kernel does it.
func relayout(_ type: TensorType, from source: Layout, to target: Layout) -> Lowering? {
  let factors = axes(type, source, target)
  guard let from = source.strides(type, factors), let to = target.strides(type, factors) else { return nil }
  let loops = factors.indices.map { StridedCopyParameters.Loop(extent: factors[$0], source: from[$0], result: to[$0]) }
  guard let copy = StridedCopyParameters(loops) else { return nil }
  return Lowering(
    calls: [KernelCall(copy, operands: [.operand(0), .result])], note: "\(source.summary) to \(target.summary)")
}

/// The type's extents, where a flattened image counts as the channels, rows and columns that it was.
private func axes(_ type: TensorType, _ layouts: Layout...) -> [Int] {
  for case .flattenedChannelsLast(let channels, let height, let width) in layouts {
    return [type.shape[0], channels, height, width]
  }
  return type.shape
}

extension Layout {
  /// The distance in memory between neighbours along each of `axes`; nil where it is not the same everywhere.
  fileprivate func strides(_ type: TensorType, _ axes: [Int]) -> [Int]? {
    switch self {
    case .channelsLast(let stride):
      return axes.count == 4 ? [axes[2] * axes[3] * stride, 1, axes[3] * stride, stride] : nil
    case .flattenedChannelsLast(let channels, let height, let width):
      return [channels * height * width, 1, width * channels, channels]
    case .rows(let stride):
      guard type.rank >= 2 else { return axes.count == 1 ? [1] : [] }
      // Row-major over the axes, where those that make up the type's last axis lie within a row.
      var strides = [Int](repeating: 1, count: axes.count)
      let inRow = axes.count - (type.rank - 1)
      for axis in (0..<axes.count - 1).reversed() {
        let isRowStart = axes.count - 1 - axis == inRow
        strides[axis] = isRowStart ? stride : strides[axis + 1] * axes[axis + 1]
      }
      return strides
    case .linearPanels, .convolutionPanels: return nil
    }
  }

  /// The layout as plans name it.
  fileprivate var summary: String {
    switch self {
    case .rows: "rows"
    case .channelsLast: "channels last"
    case .flattenedChannelsLast: "flattened channels last"
    case .linearPanels, .convolutionPanels: "panels"
    }
  }
}
