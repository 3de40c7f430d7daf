import Datasets
import Source
import Syntax
import Vocabulary

// Sizes that transforms of data give, against those that the net declares: known without opening a file.
extension Elaborator {
  /// Whether a source and its transforms give what the tensors take; reports what they do not. `data` is what a validation goes with.
  func checkFit(_ placed: PlacedData, after data: PlacedData?, _ tensors: [String], _ frame: Frame) -> Bool {
    // Where no line of an input is there, of which was told, nothing fits.
    if reporter.errorCount > 0, net?.inputNames.isEmpty ?? false {
      reporter.suppress()
      return false
    }
    let mark = Reporter.Mark(reporter)
    let declared = tensors.compactMap { name -> DeclaredTensor? in
      guard case .tensor(let meaning)? = frame.entry(name)?.meaning, let type = meaning.tensor?.type,
        let place = meaning.chain?.place
      else { return nil }
      return DeclaredTensor(name: name, type: type, place: place, isInput: inputTypes.contains { $0.name == name })
    }
    // What could not be declared is missing here.
    let targets = train?.body.count { if case .target = $0 { true } else { false } } ?? 0
    let isComplete = declared.count == tensors.count && declared.count == (net?.inputNames.count ?? 0) + targets
    checkSource(placed, declared, isComplete: isComplete, frame)
    checkTransforms(placed, declared, isComplete: isComplete, frame)
    for transform in placed.transforms {
      switch transform.transform {
      case .tokens(let tokens): checkTokens(tokens, transform, placed.bound, declared, frame)
      case .normalize(let mean, let deviation, _, let names):
        checkChannels(max(mean.count, deviation.count), names, transform, declared, frame)
      case .scale, .standardize, .minMax, .picture, .mixup: continue
      }
    }
    if case .imageFolder = placed.source {
      checkPictureSize(placed.transforms, declared, frame)
      checkPictureRange(placed.transforms, frame)
    }
    if !mark.hasErrors(reporter), let data { checkValidation(placed, after: data, frame) }
    return !mark.hasErrors(reporter)
  }

  /// Rows of numbers have the length of the tensor, and numbers that it can have.
  private func checkTokens(
    _ tokens: TokenTransform, _ placed: PlacedTransform, _ source: BoundCall, _ declared: [DeclaredTensor],
    _ frame: Frame
  ) {
    for tensor in declared where tokens.tensors.isEmpty || tokens.tensors.contains(tensor.name) {
      if blamedInputs.contains(tensor.place) { continue }
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
      let taken = max(tokens.pad, tokens.unknown, tokens.end ?? 0)
      let needed = if case .bytes = tokens.pieces { taken + 257 } else { taken + 1 }
      if needed > count {
        error(
          .argumentValue, "`\(placed.word)` makes numbers up to \(needed - 1), `\(tensor.name)` is \(tensor.type)",
          at: placed.place, frame, secondary: [.init(tensor.place, "declared here")],
          help: [.init("declare it as `index(\(needed))`")])
      }
    }
  }

  private func misfit(
    _ argument: String, _ message: String, _ right: Int, _ placed: PlacedTransform, _ tensor: DeclaredTensor,
    _ frame: Frame
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
    _ count: Int, _ names: [String], _ placed: PlacedTransform, _ declared: [DeclaredTensor], _ frame: Frame
  ) {
    for tensor in declared where names.isEmpty ? tensor.isInput : names.contains(tensor.name) {
      guard tensor.type.element == .float32, !blamedInputs.contains(tensor.place) else { continue }
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

  /// Means and deviations for pictures of 0 ... 1 are not for those of 0 ... 255, as files have them.
  private func checkPictureRange(_ transforms: [PlacedTransform], _ frame: Frame) {
    guard let placed = transforms.first(where: \.isOfNumbers),
      case .normalize(let mean, let deviation, ofPictures: false, _) = placed.transform,
      mean.allSatisfy({ abs($0) <= 1 }), deviation.allSatisfy({ $0 < 1 })
    else { return }
    let stage = shortened(placed.stage)
    rangeIsWrong = true
    warn(
      .pictureRange, "`\(stage)` is for numbers from 0 to 1, those of pictures go up to 255", at: placed.place, frame,
      help: [
        .init(
          "write `scale(1 / 255) -> \(stage)`", edits: [.init(placed.stage.before, "scale(1 / 255) -> ")], isSure: false
        )
      ])
  }

  /// The last transform that gives pictures a size gives them the size of the input.
  private func checkPictureSize(_ transforms: [PlacedTransform], _ declared: [DeclaredTensor], _ frame: Frame) {
    var last: (placed: PlacedTransform, size: (height: Int, width: Int))?
    var short: (placed: PlacedTransform, side: Int)?
    for placed in transforms {
      guard case .picture(let picture) = placed.transform, !picture.keepsSize else { continue }
      last = picture.fixedSize.map { (placed, $0) }
      short = if case .resizeShort(let side) = picture { (placed, side) } else { nil }
    }
    if let short { checkShortSide(short.side, short.placed, declared, frame) }
    guard let (placed, size) = last else { return }
    for tensor in declared where tensor.isInput && tensor.type.element == .float32 && tensor.type.rank == 3 {
      if blamedInputs.contains(tensor.place) { continue }
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

  /// `resize(200)`: the short side of every picture becomes that of the input.
  private func checkShortSide(
    _ side: Int, _ placed: PlacedTransform, _ declared: [DeclaredTensor], _ frame: Frame
  ) {
    for tensor in declared where tensor.isInput && tensor.type.element == .float32 && tensor.type.rank == 3 {
      if blamedInputs.contains(tensor.place) { continue }
      let (height, width) = (tensor.type.shape[1], tensor.type.shape[2])
      if min(height, width) == side { continue }
      let size = "\(height), \(width)"
      let crop = height == width ? "\(height)" : size
      let call = placed.bound.spans["height"].map { placed.place.extended(to: $0) }
      error(
        .argumentValue,
        "`\(placed.word)` makes the short side of a picture \(side), `\(tensor.name)` is \(tensor.type)",
        at: placed.place, frame, secondary: [.init(tensor.place, "declared here")],
        help: alternatives([
          .init(
            "to bring every picture to that size write `\(placed.word)(\(size))`",
            edits: call.map { [.init($0, "\(placed.word)(\(size)")] } ?? [], isSure: false),
          .init(
            side < max(height, width)
              ? "keep the proportions by `\(placed.word)(\(max(height, width))) -> center_crop(\(crop))`"
              : "cut the rest off by `-> center_crop(\(crop))` after it"),
        ]))
    }
  }
}
