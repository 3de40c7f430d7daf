import Datasets
import Source
import Syntax
import Vocabulary

/// A transform of data with where it stands.
struct PlacedTransform {
  var word: String
  var transform: DataTransform
  var bound: BoundCall
  var place: SourceSpan
}

// Sizes that transforms of data give, against those that the net declares: known without opening a file.
extension Elaborator {
  /// Whether transforms give what the tensors take; reports what they do not. `source` is the call of the source.
  func checkFit(_ transforms: [PlacedTransform], _ source: BoundCall, _ tensors: [String], _ frame: Frame) -> Bool {
    let mark = Reporter.Mark(reporter)
    let declared = tensors.compactMap { name -> Declared? in
      guard case .tensor(let meaning)? = frame.entry(name)?.meaning, let type = meaning.tensor?.type,
        let place = meaning.chain?.place
      else { return nil }
      return Declared(name: name, type: type, place: place, isInput: inputTypes.contains { $0.name == name })
    }
    for placed in transforms {
      switch placed.transform {
      case .tokens(let tokens): checkTokens(tokens, placed, source, declared, frame)
      case .normalize(let mean, let deviation, let names):
        checkChannels(max(mean.count, deviation.count), names, placed, declared, frame)
      case .scale, .standardize, .minMax, .picture, .mixup: continue
      }
    }
    checkPictureSize(transforms, declared, frame)
    return !mark.hasErrors(reporter)
  }

  /// A tensor of the net, or a target.
  private struct Declared {
    var name: String
    var type: ExampleType
    var place: SourceSpan
    var isInput: Bool
  }

  /// Rows of numbers have the length of the tensor, and numbers that it can have.
  private func checkTokens(
    _ tokens: TokenTransform, _ placed: PlacedTransform, _ source: BoundCall, _ declared: [Declared], _ frame: Frame
  ) {
    for tensor in declared where tokens.tensors.isEmpty || tokens.tensors.contains(tensor.name) {
      guard case .index(let count) = tensor.type.element, tensor.type.rank == 1 else { continue }
      // Several columns are numbers already.
      if case .list(let columns)? = source.arguments.namedTensors.first(where: { $0.name == tensor.name })?.value,
        columns.count > 1
      {
        continue
      }
      if let length = tokens.length, length != tensor.type.shape[0] {
        misfit(
          "length", "`\(placed.word)` makes rows of \(length) numbers, `\(tensor.name)` is \(tensor.type)",
          tensor.type.shape[0], placed, tensor, frame)
      }
      if case .words(let vocabulary) = tokens.pieces, vocabulary > count {
        misfit(
          "vocab", "`\(placed.word)` makes numbers below \(vocabulary), `\(tensor.name)` is \(tensor.type)", count,
          placed,
          tensor, frame)
      }
    }
  }

  private func misfit(
    _ argument: String, _ message: String, _ right: Int, _ placed: PlacedTransform, _ tensor: Declared, _ frame: Frame
  ) {
    let span = placed.bound.spans[argument]
    let text = span.map { $0.text.contains("=") ? "\(argument)=\(right)" : "\(right)" }
    error(
      .argumentValue, message, at: span ?? placed.place, frame,
      secondary: [.init(tensor.place, "declared here")],
      help: span.flatMap { span in
        text.map { [.init("write `\($0)`", edits: [.init(span, $0)], isSure: false)] }
      } ?? [])
  }

  /// One mean for all, or one for each channel.
  private func checkChannels(
    _ count: Int, _ names: [String], _ placed: PlacedTransform, _ declared: [Declared], _ frame: Frame
  ) {
    for tensor in declared where names.isEmpty ? tensor.isInput : names.contains(tensor.name) {
      guard tensor.type.element == .float32 else { continue }
      let channels = max(1, tensor.type.shape.first ?? 1)
      if count == 1 || count == channels { continue }
      error(
        .argumentValue,
        "`\(placed.word)` has numbers for \(count) channels, `\(tensor.name)` is \(tensor.type) with "
          + self.count(channels, "channel"), at: placed.bound.spans["mean"] ?? placed.place, frame,
        secondary: [.init(tensor.place, "declared here")],
        help: [.init("give one number for all channels, or one for each")])
    }
  }

  /// The last transform that gives pictures a size gives them the size of the input.
  private func checkPictureSize(_ transforms: [PlacedTransform], _ declared: [Declared], _ frame: Frame) {
    var last: (placed: PlacedTransform, size: (height: Int, width: Int))?
    for placed in transforms {
      guard case .picture(let picture) = placed.transform else { continue }
      if let size = picture.fixedSize {
        last = (placed, size)
      } else if !picture.keepsSize {
        last = nil
      }
    }
    guard let (placed, size) = last else { return }
    for tensor in declared where tensor.isInput && tensor.type.element == .float32 && tensor.type.rank == 3 {
      let (height, width) = (tensor.type.shape[1], tensor.type.shape[2])
      if (height, width) == size { continue }
      let text = height == width ? "\(height)" : "\(height), \(width)"
      error(
        .argumentValue,
        "`\(placed.word)` makes pictures of \(size.height) x \(size.width), `\(tensor.name)` is \(tensor.type)",
        at: placed.place, frame, secondary: [.init(tensor.place, "declared here")],
        help: [.init("write `\(placed.word)(\(placed.word == "resize" ? "\(height), \(width)" : text))`")])
    }
  }
}
