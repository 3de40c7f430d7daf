import Graphs
import KernelContract

/// A copy of elements between two places in memory, as nested loops: what relayouts, reshapes, transposes and broadcasts
/// come down to.
struct LayoutCopy {
  struct Loop: Hashable {
    var extent: Int
    /// The floats that one step advances on either side.
    var source: Int
    var target: Int
  }
  var sourceStart = 0
  var targetStart = 0
  /// Outermost first.
  var loops: [Loop]

  /// The copies of all elements of a tensor that lies as `source` to where they lie under `target`; `elements` on both
  /// sides stand in the same logical order, whatever the shapes. Nil when no nest of loops visits both.
  static func single(from source: (TensorType, Layout), to target: (TensorType, Layout)) -> LayoutCopy? {
    let (a, b) = (source.1.nests(source.0), target.1.nests(target.0))
    guard a.count == 1, b.count == 1 else { return nil }
    var loops: [Loop] = []
    // From the innermost in logical order outwards, in pieces that are steps of a loop on both sides.
    var left = a[0].loops.filter { $0.extent != 1 }.sorted { $0.logical > $1.logical }
    var right = b[0].loops.filter { $0.extent != 1 }.sorted { $0.logical > $1.logical }
    while let x = left.last, let y = right.last {
      let extent = min(x.extent, y.extent)
      guard extent > 0, x.extent % extent == 0, y.extent % extent == 0 else { return nil }
      loops.append(Loop(extent: extent, source: x.physical, target: y.physical))
      left.removeLast()
      right.removeLast()
      if x.extent > extent {
        left.append(LayoutLoop(extent: x.extent / extent, logical: 0, physical: x.physical * extent))
      }
      if y.extent > extent {
        right.append(LayoutLoop(extent: y.extent / extent, logical: 0, physical: y.physical * extent))
      }
    }
    guard left.isEmpty, right.isEmpty else { return nil }
    return LayoutCopy(sourceStart: a[0].physicalStart, targetStart: b[0].physicalStart, loops: loops)
  }

  /// The copies from a layout to dense logical order, or back.
  static func dense(_ type: TensorType, _ layout: Layout, writes: Bool) -> [LayoutCopy] {
    layout.nests(type).map { nest in
      LayoutCopy(
        sourceStart: writes ? nest.logicalStart : nest.physicalStart,
        targetStart: writes ? nest.physicalStart : nest.logicalStart,
        loops: nest.loops.map {
          Loop(
            extent: $0.extent, source: writes ? $0.logical : $0.physical, target: writes ? $0.physical : $0.logical)
        }
      )
    }
  }
}

extension Layout {
  /// The distance in memory between neighbours along each axis; nil where an axis is not evenly spaced.
  func axisStrides(_ type: TensorType) -> [Int]? {
    switch self {
    case .rows(let stride):
      var strides = [Int](repeating: 1, count: type.rank)
      for axis in (0..<max(0, type.rank - 1)).reversed() {
        strides[axis] = axis == type.rank - 2 ? stride : strides[axis + 1] * type.shape[axis + 1]
      }
      return strides
    case .channelsLast(let stride):
      let (height, width) = (type.shape[2], type.shape[3])
      return [height * width * stride, 1, width * stride, stride]
    case .flattenedChannelsLast, .linearPanels, .convolutionPanels, .parts, .bytes, .pictures, .byteImage: return nil
    }
  }
}
