import Graphs

/// One loop of a copy between logical row-major order and memory: `extent` steps of `logical` elements here, `physical`
/// floats there.
package struct LayoutLoop: Hashable, Sendable {
  package var extent: Int
  package var logical: Int
  package var physical: Int
  package init(extent: Int, logical: Int, physical: Int) {
    self.extent = extent
    self.logical = logical
    self.physical = physical
  }
}

extension Layout {
  /// The nests of loops that visit every element once. Several nests occur where an extent is not a multiple of the panel
  /// width: the whole panels, then the last one. Each nest carries where it starts on both sides.
  package func nests(_ type: TensorType) -> [(logicalStart: Int, physicalStart: Int, loops: [LayoutLoop])] {
    let shape = type.shape
    switch self {
    case .rows(let stride):
      guard type.rank >= 2 else { return [(0, 0, [LayoutLoop(extent: type.count, logical: 1, physical: 1)])] }
      let last = shape[type.rank - 1]
      return [
        (
          0, 0,
          [
            LayoutLoop(extent: type.count / max(1, last), logical: last, physical: stride),
            LayoutLoop(extent: last, logical: 1, physical: 1),
          ]
        )
      ]
    case .channelsLast(let stride):
      return [(0, 0, Layout.image(shape[0], shape[1], shape[2], shape[3], stride: stride))]
    case .flattenedChannelsLast(let channels, let height, let width):
      return [(0, 0, Layout.image(shape[0], channels, height, width, stride: channels))]
    case .linearPanels(let order):
      let inner: [LayoutLoop]
      switch order {
      case .plain: inner = [LayoutLoop(extent: shape[1], logical: 1, physical: Layout.lanes)]
      case .channelsLast(let channels, let height, let width):
        inner = [
          LayoutLoop(extent: height * width, logical: 1, physical: channels * Layout.lanes),
          LayoutLoop(extent: channels, logical: height * width, physical: Layout.lanes),
        ]
      }
      return Layout.panels(outputs: shape[0], from: 0, at: 0, inputs: shape[1], inner)
    // Written by example, see `Machine.writeBytes`; seen by kernels alone.
    case .bytes, .pictures, .byteImage: return []
    case .parts(let parts):
      var (logical, physical) = (0, 0)
      return parts.flatMap { part in
        defer { (logical, physical) = (logical + part.type.count, physical + part.size) }
        return part.layout.nests(part.type).map { ($0 + logical, $1 + physical, $2) }
      }
    case .convolutionPanels(let groups):
      let (outputs, inputs, taps) = (shape[0] / groups, shape[1], shape[2] * shape[3])
      let inner = [
        LayoutLoop(extent: taps, logical: 1, physical: inputs * Layout.lanes),
        LayoutLoop(extent: inputs, logical: taps, physical: Layout.lanes),
      ]
      return (0..<groups).flatMap { group in
        Layout.panels(
          outputs: outputs, from: group * outputs * inputs * taps,
          at: group * Layout.rounded(outputs) * inputs * taps, inputs: inputs * taps, inner)
      }
    }
  }

  private static func image(_ count: Int, _ channels: Int, _ height: Int, _ width: Int, stride: Int) -> [LayoutLoop] {
    [
      LayoutLoop(extent: count, logical: channels * height * width, physical: height * width * stride),
      LayoutLoop(extent: height * width, logical: 1, physical: stride),
      LayoutLoop(extent: channels, logical: height * width, physical: 1),
    ]
  }

  private static func panels(
    outputs: Int, from logical: Int, at physical: Int, inputs: Int, _ inner: [LayoutLoop]
  ) -> [(logicalStart: Int, physicalStart: Int, loops: [LayoutLoop])] {
    let whole = outputs / lanes
    let rest = outputs % lanes
    var nests: [(logicalStart: Int, physicalStart: Int, loops: [LayoutLoop])] = []
    if whole > 0 {
      let panel = LayoutLoop(extent: whole, logical: lanes * inputs, physical: lanes * inputs)
      let lane = LayoutLoop(extent: lanes, logical: inputs, physical: 1)
      nests.append((logical, physical, [panel] + inner + [lane]))
    }
    if rest > 0 {
      let start = whole * lanes * inputs
      let lane = LayoutLoop(extent: rest, logical: inputs, physical: 1)
      nests.append((logical + start, physical + start, inner + [lane]))
    }
    return nests
  }
}
