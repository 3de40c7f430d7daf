import Graphs
import KernelContract

// How contractions want their operands.
extension Layout {
  /// Rows for a matrix (all axes but the last folded), whole vectors each.
  static func matrix(_ type: TensorType) -> Layout {
    type.rank < 2 ? .computed(type) : .rows(stride: rowStride(type.shape[type.rank - 1]))
  }

  /// Numbers from a row of a matrix, or from a pixel of an image, to the next; nil where there are neither.
  func rowStride(_ type: TensorType) -> Int? {
    switch self {
    case .rows(let stride): type.rank < 2 ? type.count : stride
    case .channelsLast(let stride): stride
    case .flattenedChannelsLast, .pictures: type.shape[1]
    case .linearPanels, .convolutionPanels, .parts, .bytes, .byteImage: nil
    }
  }

  /// Whether each row is made of whole vectors.
  func hasWholeRows(_ type: TensorType) -> Bool { rowStride(type).map { $0 % Layout.lanes == 0 } ?? false }

  /// Whether the last axis varies fastest and rows are evenly spaced.
  var isRows: Bool { if case .rows = self { true } else { false } }
  var isImage: Bool { if case .channelsLast = self { true } else { false } }
}

extension PlacedType {
  /// The operand's layout if it is an image's, else the one that computed images have.
  var image: Layout { layout.map { $0.isImage ? $0 : .computed(type) } ?? .computed(type) }
  /// The same where the operand may be bytes.
  var imageOrBytes: Layout { if let layout, case .pictures = layout { layout } else { image } }
  /// The same with whole vectors for each pixel.
  var wholeImage: Layout { image.hasWholeRows(type) ? image : .computed(type) }
  /// The operand's layout if it is rows of whole vectors, else that.
  var wholeRows: Layout {
    guard let layout, layout.isRows, layout.hasWholeRows(type) else { return .matrix(type) }
    return layout
  }

  /// How the input of a linear layer and its weight lie: as the weight does if it has a place, else as the input does.
  static func linear(input: PlacedType, weight: PlacedType?) -> (input: Layout, order: Layout.InputOrder) {
    if case .bytes(_, let order)? = input.layout { return (input.layout!, order) }
    switch weight?.layout {
    case .linearPanels(order: .plain): return (input.rows, .plain)
    case .linearPanels(order: .channelsLast(let channels, let height, let width)):
      return (
        .flattenedChannelsLast(channels: channels, height: height, width: width),
        .channelsLast(channels: channels, height: height, width: width)
      )
    default: break
    }
    if case .flattenedChannelsLast(let channels, let height, let width) = input.layout {
      return (
        .flattenedChannelsLast(channels: channels, height: height, width: width),
        .channelsLast(channels: channels, height: height, width: width)
      )
    }
    return (input.rows, .plain)
  }

  private var rows: Layout { layout.map { $0.isRows ? $0 : .matrix(type) } ?? .matrix(type) }
}

extension LoweringSite.Tensor {
  /// Numbers from a row of a matrix, or from a pixel of an image, to the next.
  var rowStride: Int { layout.rowStride(type) ?? 0 }
  /// The rows of a matrix, all axes but the last folded, or the pixels of an image.
  var rows: Int { layout.isImage ? type.count / max(1, type.shape[1]) : type.count / max(1, type.shape.last ?? 1) }
  /// What bytes are multiplied by; nil where the tensor is floats.
  var byteScale: Float? { if case .bytes(let scale, _) = layout { scale } else { nil } }
  /// What the bytes of pictures stand for; nil where the tensor is something else.
  var byteScaling: ByteScaling? {
    if case .pictures(let values) = layout { ByteScaling(scale: values.scale, shift: values.shift) } else { nil }
  }
  /// The columns of a matrix, or the channels of an image.
  var columns: Int { layout.isImage ? type.shape[1] : type.shape.last ?? 1 }
}

extension LoweringSite {
  /// The op's operands from `first` on, for a kernel call.
  func operands(from first: Int) -> [CallOperand] { (first..<max(first, operands.count)).map { .operand($0) } }

  /// Where a gradient goes: to the result, or through the update into the operands from `first` on.
  func destination(_ update: OptimizerUpdate, from first: Int) -> [CallOperand] {
    update.kind == .none ? [.result] : operands(from: first)
  }
}

extension Lowering {
  init(_ sequence: KernelSequence, mayOverwrite: [Int] = [], note: String = "") {
    self.init(
      calls: sequence.calls, workspaceBytes: sequence.workspaceBytes, mayOverwrite: mayOverwrite, note: note)
    preparation = sequence.preparation
    preparedBytes = sequence.preparedBytes
  }
}
