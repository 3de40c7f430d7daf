import Graphs
import KernelContract

/// How a tensor lies in memory. Every logical element has one place; padding in between holds unspecified values that
/// nobody reads. The names speak of floats: an index tensor has 32-bit integers in the same places.
package enum Layout: Hashable, Sendable {
  /// Row-major, the last axis padded to `stride` floats. Rank 0 and 1: dense.
  case rows(stride: Int)
  /// A tensor [N, C, H, W] as [N][H][W][stride], `stride` ≥ C.
  case channelsLast(stride: Int)
  /// A tensor [N, C*H*W] as [N][H][W][C]: what a channels-last tensor without padding is after `flatten`.
  case flattenedChannelsLast(channels: Int, height: Int, width: Int)
  /// A weight [out, in] as [out / 16][in][16]. `order` says in which order the inputs stand.
  case linearPanels(order: InputOrder)
  /// A weight [OC, IC, KH, KW] as, for each group, [OC / groups / 16][KH][KW][IC][16].
  case convolutionPanels(groups: Int)
  /// A tensor [N, C, H, W] or [N, K] as bytes, `BytePanels` of a row for each example: a value is `scale` times its byte. This and the
  /// next one are layouts of examples.
  case bytes(scale: Float, order: InputOrder)
  /// A tensor [N, C, H, W] of few channels as bytes, [N][H][W][C].
  case pictures(ByteValues)
  /// A tensor [N, C, H, W] of whole numbers below 256 as bytes, [N][H][W][stride].
  case byteImage(stride: Int)
  /// A list [N] of tensors one behind the other, each in a layout of its own.
  case parts([Part])

  /// A tensor of a list: an f32 of that shape.
  package struct Part: Hashable, Sendable {
    package var shape: [Int]
    package var layout: Layout
    package init(shape: [Int], layout: Layout) {
      self.shape = shape
      self.layout = layout
    }
    package var type: TensorType { TensorType(.float32, shape) }
    /// The floats that it takes up: whole vectors, so that the next one starts at one.
    package var size: Int { Layout.rounded(layout.size(type)) }
  }

  package enum InputOrder: Hashable, Sendable {
    case plain
    /// The inputs are a flattened channels-last image: position (c, h, w) stands at (h * width + w) * channels + c.
    case channelsLast(channels: Int, height: Int, width: Int)
  }
}

extension Layout {
  /// The number of lanes of a panel and of a vector.
  package static let lanes = 16

  package static func rounded(_ extent: Int) -> Int { (extent + lanes - 1) / lanes * lanes }

  /// The layout that computed values have unless an op decides otherwise: channels last for images, else rows.
  package static func computed(_ type: TensorType) -> Layout {
    switch type.rank {
    case 0, 1: .rows(stride: type.count)
    case 4: .channelsLast(stride: rounded(type.shape[1]))
    default: .rows(stride: rowStride(type.shape[type.rank - 1]))
    }
  }

  /// The layout of data that come from outside: as `computed`, but narrow images stay tight.
  package static func given(_ type: TensorType) -> Layout {
    type.rank == 4 && type.shape[1] < lanes ? .channelsLast(stride: type.shape[1]) : computed(type)
  }

  /// The layouts that such data can have where they are bytes.
  package static func givenBytes(_ type: TensorType, _ values: ByteValues) -> [Layout] {
    let isNarrowImage = type.rank == 4 && type.shape[1] < lanes
    var layouts: [Layout] = []
    if let scale = values.plainScale {
      let order: InputOrder =
        isNarrowImage
        ? .channelsLast(channels: type.shape[1], height: type.shape[2], width: type.shape[3]) : .plain
      layouts.append(.bytes(scale: scale, order: order))
    }
    if isNarrowImage, type.shape[1] <= ByteScaling.mostChannels { layouts.append(.pictures(values)) }
    return layouts
  }

  /// Whole vectors, and off the multiples of 4096 bytes at which rows would share a cache set.
  package static func rowStride(_ extent: Int) -> Int {
    let stride = rounded(extent)
    return stride % 1024 == 0 ? stride + lanes : stride
  }

  /// The floats that a tensor of this type takes up.
  package func size(_ type: TensorType) -> Int {
    switch self {
    case .rows(let stride):
      return type.rank < 2 ? Layout.rounded(type.count) : type.count / max(1, type.shape[type.rank - 1]) * stride
    case .channelsLast(let stride): return Layout.rounded(type.shape[0] * type.shape[2] * type.shape[3] * stride)
    case .flattenedChannelsLast: return Layout.rounded(type.count)
    case .linearPanels: return Layout.rounded(type.shape[0]) * type.shape[1]
    case .bytes:
      return BytePanels.bytes(rows: type.shape[0], columns: type.count / max(1, type.shape[0])) / 4
    case .pictures: return Layout.rounded((type.count + 3) / 4)
    case .byteImage(let stride): return Layout.rounded((Layout.channelsLast(stride: stride).size(type) + 3) / 4)
    case .parts(let parts): return parts.reduce(0) { $0 + $1.size }
    case .convolutionPanels(let groups):
      return Layout.rounded(type.shape[0] / groups) * groups * type.shape[1] * type.shape[2] * type.shape[3]
    }
  }
}
