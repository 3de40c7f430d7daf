import Datasets
import Source
import Syntax
import Vocabulary

// Which transforms a source can have, and what they can change.
extension Elaborator {
  /// Reports transforms that have nothing to change.
  func checkTransforms(_ data: PlacedData, _ declared: [DeclaredTensor], isComplete: Bool, _ frame: Frame) {
    checkPictures(data, frame)
    checkText(data, declared, isComplete, frame)
    checkNumbers(data, declared, isComplete, frame)
    checkMixup(data, declared, frame)
  }

  private func checkPictures(_ data: PlacedData, _ frame: Frame) {
    let pictures = data.transforms.filter(\.isOfPictures)
    guard let first = pictures.first else { return }
    guard case .imageFolder = data.source else {
      let names = pictures.map { "`\($0.word)`" }.joined(separator: ", ")
      var help = [removing(pictures)]
      switch (data.source, first.transform) {
      case (.digits, .picture(let picture)) where picture.fixedSize != nil,
        (.idx, .picture(let picture)) where picture.fixedSize != nil:
        help.append(.init("in the net, `upsample`, `pad` and `slice` change the size of a picture"))
      default: break
      }
      return error(
        .dataFit,
        "\(names) \(pictures.count == 1 ? "changes" : "change") the picture files of an `image_folder`; "
          + "`\(data.word)` gives \(data.source.contents)", at: first.place, frame, help: alternatives(help))
    }
    guard let numbers = data.transforms.firstIndex(where: { !$0.isOfPictures }),
      let late = data.transforms[numbers...].first(where: \.isOfPictures)
    else { return }
    let before = data.transforms[numbers]
    error(
      .dataFit, "`\(late.word)` changes pictures, and after `\(before.word)` they are numbers", at: late.place, frame,
      help: [
        .init(
          "write it before `\(before.word)`",
          edits: withoutStage(late.stage) + [.init(before.stage.before, "\(late.stage.text) -> ")], isSure: false)
      ])
  }

  private func checkText(_ data: PlacedData, _ declared: [DeclaredTensor], _ isComplete: Bool, _ frame: Frame) {
    guard let first = data.transforms.first(where: \.isOfText) else { return }
    switch data.source {
    case .digits, .idx, .imageFolder, .tensors:
      error(
        .dataFit, "`\(first.word)` makes numbers of text; `\(data.word)` gives \(data.source.contents)",
        at: first.place, frame, help: [removing([first])])
    case .table:
      // A tensor that was told to be of another type is meant to be text.
      guard isComplete,
        !declared.contains(where: { blamedColumns.contains($0.place) || blamedInputs.contains($0.place) })
      else { return }
      // One whose column is not said was told.
      let hasText = declared.contains { $0.isRowOfIndices && columns(of: $0, data) ?? 1 == 1 }
      if hasText { return }
      let numbers = declared.first { $0.isInput }
      error(
        .dataFit,
        "`\(first.word)` makes numbers of text, and no tensor here is made of one"
          + (numbers.map { ": `\($0.name)` is \($0.type)" } ?? ""), at: first.place, frame,
        secondary: numbers.map { [.init($0.place, "declared here")] } ?? [],
        help: [removing([first]), .init("or give a tensor `index(n)[length]` its one column of text")])
    case .text, .split, .unsupported: return
    }
  }

  private func checkNumbers(_ data: PlacedData, _ declared: [DeclaredTensor], _ isComplete: Bool, _ frame: Frame) {
    for placed in data.transforms where placed.isOfNumbers {
      let names = placed.transform.tensors
      if names.isEmpty, isComplete, !declared.contains(where: { $0.isInput && $0.type.element == .float32 }) {
        error(
          .dataFit, "`\(placed.word)` changes numbers, and the net has no f32 input", at: placed.place, frame,
          help: [removing([placed])])
      }
      for tensor in declared where names.contains(tensor.name) && tensor.type.element != .float32 {
        error(
          .dataFit, "`\(placed.word)` changes numbers, `\(tensor.name)` is \(tensor.type)",
          at: placed.bound.spans["tensors"] ?? placed.place, frame,
          secondary: [.init(tensor.place, "declared here")], help: [.init("leave `\(tensor.name)` out")])
      }
    }
  }

  private func checkMixup(_ data: PlacedData, _ declared: [DeclaredTensor], _ frame: Frame) {
    let mixing = data.transforms.filter { if case .mixup = $0.transform { true } else { false } }
    guard let first = mixing.first else { return }
    if data.setting == "validation" {
      error(
        .dataFit, "`mixup` is for training: a validation asks about examples as they are", at: first.place, frame,
        help: [removing(mixing)])
    } else if mixing.count > 1 {
      error(
        .dataFit, "`mixup` stands there twice: examples are mixed once", at: mixing[1].place, frame,
        secondary: [.init(first.place, "the first one")], help: [removing(Array(mixing.dropFirst()))])
    } else if let input = declared.first(where: { $0.isInput && $0.type.element != .float32 }) {
      error(
        .dataFit, "`mixup` mixes numbers, `\(input.name)` is \(input.type)", at: first.place, frame,
        secondary: [.init(input.place, "declared here")], help: [removing(mixing)])
    }
  }

  /// The fix that takes transforms out of the flow.
  func removing(_ transforms: [PlacedTransform]) -> Diagnostic.Help {
    let text = transforms.map { "-> \(shortened($0.stage))" }.joined(separator: " ")
    return .init("remove `\(text)`", edits: transforms.flatMap { withoutStage($0.stage) }, isSure: false)
  }

  // MARK: Validation

  /// A validation is prepared as the data is: its numbers mean the same.
  func checkValidation(_ validation: PlacedData, after data: PlacedData, _ frame: Frame) {
    if case .split = validation.source { return checkSplit(validation, data, frame) }
    if let (missing, fix) = difference(data, validation, \.isOfText) {
      return error(
        .dataFit, "\(missing): its numbers would mean something else", at: validation.place, frame,
        help: [fix].compactMap { $0 })
    }
    if let (missing, fix) = difference(data, validation, \.hasStatistics) {
      return error(
        .dataFit, "\(missing): its numbers would mean something else", at: validation.place, frame,
        help: [fix].compactMap { $0 })
    }
    // One of the two was told to be wrong: when it is mended they may well agree.
    if rangeIsWrong { return }
    if let (missing, fix) = difference(data, validation, { $0.isOfNumbers && !$0.hasStatistics }) {
      warn(
        .unevenTransforms, "\(missing): its numbers mean something else", at: validation.place, frame,
        help: [fix].compactMap { $0 })
    }
  }

  /// "`validation` has no `scale(1 / 16)` as `data` has", with the fix; nil where the transforms of a kind are the same.
  private func difference(
    _ data: PlacedData, _ validation: PlacedData, _ isOfKind: (PlacedTransform) -> Bool
  ) -> (String, Diagnostic.Help?)? {
    let (wanted, found) = (data.transforms.filter(isOfKind), validation.transforms.filter(isOfKind))
    if wanted.map({ key($0.transform) }) == found.map({ key($0.transform) }) { return nil }
    if found.isEmpty {
      let text = wanted.map { "-> \($0.stage.text)" }.joined(separator: " ")
      let isAll =
        data.transforms.count { !$0.isOfPictures } == wanted.count && validation.transforms.allSatisfy(\.isOfPictures)
      return (
        "`validation` has no `\(wanted.map { shortened($0.stage) }.joined(separator: " -> "))`, which `data` has",
        isAll
          ? .init("add `\(text)`", edits: [.init(validation.flow.span.after, " " + text)], isSure: false)
          : .init("write the same transforms in both")
      )
    }
    if wanted.isEmpty {
      return (
        "`validation` has `\(found.map { shortened($0.stage) }.joined(separator: " -> "))`, which `data` has not",
        .init("write the same transforms in both")
      )
    }
    return (
      "`data` has `\(wanted.map { shortened($0.stage) }.joined(separator: " -> "))`, `validation` has "
        + "`\(found.map { shortened($0.stage) }.joined(separator: " -> "))`",
      .init("write the same transforms in both")
    )
  }

  /// What of a transform must agree.
  private func key(_ transform: DataTransform) -> DataTransform {
    guard case .tokens(let tokens) = transform else { return transform }
    var unknown = tokens.unknown
    // A model has its own, whether it is written or not.
    if case .sentencePiece = tokens.pieces { unknown = TokenTransform.modelsOwn }
    return .tokens(TokenTransform(tokens.pieces, unknown: unknown, pad: tokens.pad, end: tokens.end))
  }

  /// A split has had the data's transforms.
  private func checkSplit(_ validation: PlacedData, _ data: PlacedData, _ frame: Frame) {
    for placed in validation.transforms {
      if case .mixup = placed.transform { continue }
      let isError = placed.isOfPictures || placed.isOfText || placed.hasStatistics
      let message = "a `split` of the data has the data's own transforms: `\(placed.word)` would come on top"
      if isError {
        error(.dataFit, message, at: placed.place, frame, help: [removing([placed])])
      } else {
        warn(.unevenTransforms, message, at: placed.place, frame, help: [removing([placed])])
      }
    }
  }
}
