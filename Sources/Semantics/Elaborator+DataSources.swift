import Datasets
import Source
import Syntax
import Vocabulary

// What a source gives, against what the net declares: known without opening a file.
extension Elaborator {
  /// Reports what a source cannot give.
  func checkSource(_ data: PlacedData, _ declared: [DeclaredTensor], isComplete: Bool, _ frame: Frame) {
    switch data.source {
    case .digits:
      guard isOnePictureAndLabel(data, declared, isComplete, frame) else { return }
      for tensor in declared {
        if tensor.isInput { checkDigit(tensor, data, frame) } else { checkDigitLabel(tensor, data, frame) }
      }
    case .idx:
      guard isOnePictureAndLabel(data, declared, isComplete, frame) else { return }
      for tensor in declared {
        if tensor.isInput { checkGrey(tensor, data, frame) } else { checkLabel(tensor, data, frame) }
      }
    case .imageFolder(_, let classes):
      guard isOnePictureAndLabel(data, declared, isComplete, frame) else { return }
      for tensor in declared {
        if tensor.isInput { checkPhoto(tensor, data, frame) } else { checkClass(tensor, classes, data, frame) }
      }
    case .text: checkWindows(data, declared, frame)
    case .table: checkTexts(data, declared, frame)
    case .tensors, .split, .unsupported: return
    }
  }

  /// What a tensor is declared as does not go with its data. The tensor is not used any further: what else does not go with its type is
  /// the same mistake.
  private func misdeclared(
    _ tensor: DeclaredTensor, _ message: String, _ data: PlacedData, _ type: String?, _ further: [String] = [],
    _ frame: Frame
  ) {
    if blamedInputs.contains(tensor.place) { return reporter.suppress() }
    blamedInputs.insert(tensor.place)
    var help = further.map { Diagnostic.Help($0) }
    if let type { help.insert(declaring(tensor, type, frame), at: 0) }
    error(
      .dataFit, message, at: data.bound.spans[tensor.name] ?? data.place, frame,
      secondary: [.init(tensor.place, "declared here")], help: alternatives(help))
    if !tensor.isInput { frame.names[tensor.name]?.meaning = .unknown }
  }

  /// The fix that gives a tensor another type; of classes, where the net has a score for each.
  private func declaring(_ tensor: DeclaredTensor, _ type: String, _ frame: Frame) -> Diagnostic.Help {
    let text = "declare `\(tensor.isInput ? "" : "target ")\(tensor.name): \(type)`"
    let fits =
      tensor.isInput
      || (frame.outer?.outputs ?? []).contains { output in
        guard case .tensor(let meaning) = output.meaning, let last = meaning.tensor?.type.shape.last else {
          return false
        }
        return type.hasPrefix("index(\(last))")
      }
    return .init(
      text, edits: fits ? writtenType(at: tensor.place).map { [.init($0.span, type)] } ?? [] : [], isSure: false)
  }

  /// The type of the input or target whose name stands at a place.
  func writtenType(at place: SourceSpan) -> TypeSyntax? {
    for case .input(let node) in net?.body ?? [] where node.name.span == place { return node.type }
    for case .target(let node) in train?.body ?? [] where node.name.span == place { return node.type }
    return nil
  }

  /// Sources without names for their tensors have one picture and one label.
  private func isOnePictureAndLabel(
    _ data: PlacedData, _ declared: [DeclaredTensor], _ isComplete: Bool, _ frame: Frame
  ) -> Bool {
    guard isComplete else { return false }
    let inputs = declared.count { $0.isInput }
    let targets = declared.count - inputs
    if inputs == 1, targets == 1 { return true }
    // A target that stands elsewhere was told to be misplaced.
    let isUnread = [net?.span, targets == 0 ? train?.span : nil].contains { $0.map { reporter.isUnread($0) } ?? false }
    if isUnread || targets == 0 && reporter.isUnread(TokenKind.target.rawValue) {
      reporter.suppress()
      return false
    }
    let labels = targets == 0 ? "no target" : count(targets, "target")
    error(
      .dataFit,
      "`\(data.word)` gives one picture and one label an example, the net has \(count(inputs, "input")) and \(labels)",
      at: data.place, frame,
      help: [
        .init(
          targets == 0
            ? "add a line such as `target label: index(10)`"
            : "`csv`, `tsv` and `tensors` have something for every input and target")
      ])
    return false
  }

  // MARK: Pictures

  private func checkDigit(_ tensor: DeclaredTensor, _ data: PlacedData, _ frame: Frame) {
    let fitting = [[1, 8, 8], [8, 8], [64]]
    if tensor.type.element == .float32, fitting.contains(tensor.type.shape) {
      return warnOfMissingChannels(tensor, frame)
    }
    let batched = tensor.type.rank > 1 && fitting.contains(Array(tensor.type.shape.dropFirst()))
    let type = batched ? "\(ExampleType(.float32, Array(tensor.type.shape.dropFirst())))" : "f32[1, 8, 8]"
    let isMNIST =
      tensor.type.shape.suffix(2) == [28, 28] || tensor.type.shape == [784] || isLast(tensor.type, side: 28)
    misdeclared(
      tensor, "`digits` gives pictures of 8 x 8, `\(tensor.name)` is \(tensor.type)", data, type,
      batched
        ? ["a type describes one example, without the batch"]
        : isMNIST ? ["the pictures of 28 x 28 of MNIST are read by `idx(\"STEM\")`"] : [], frame)
  }

  private func isLast(_ type: ExampleType, side: Int) -> Bool { type.shape == [side, side, 1] }

  private func checkDigitLabel(_ tensor: DeclaredTensor, _ data: PlacedData, _ frame: Frame) {
    guard checkLabel(tensor, data, frame) else { return }
    switch tensor.type.element {
    case .index(let count) where count < 10:
      misdeclared(
        tensor, "`digits` has the labels 0 to 9, `\(tensor.name)` is \(tensor.type)", data, "index(10)", [], frame)
    case .bool:
      misdeclared(
        tensor, "`digits` has the labels 0 to 9, `\(tensor.name)` is \(tensor.type)", data, "index(10)", [], frame)
    default: return
    }
  }

  @discardableResult
  private func checkLabel(_ tensor: DeclaredTensor, _ data: PlacedData, _ frame: Frame) -> Bool {
    if tensor.type.shape.isEmpty { return true }
    let last = tensor.type.shape.last ?? 1
    if tensor.type.element == .float32, tensor.type.rank == 3, !tensor.isInput {
      misdeclared(
        tensor, "`\(data.word)` gives one label an example, `\(tensor.name)` is \(tensor.type)", data, nil,
        ["to make the picture again, compare the output with the input: `loss = mse(y, x)`, and declare the label"],
        frame)
      return false
    }
    let classes: Int =
      switch tensor.type.element {
      case .index(let count): count
      default: last > 1 ? last : 10
      }
    misdeclared(
      tensor, "`\(data.word)` gives one label an example, `\(tensor.name)` is \(tensor.type)", data,
      "index(\(classes))", tensor.type.element == .float32 && last > 1 ? ["a class is a number, not one-hot"] : [],
      frame)
    return false
  }

  /// `idx` has grey pictures; their size is in the file.
  private func checkGrey(_ tensor: DeclaredTensor, _ data: PlacedData, _ frame: Frame) {
    let shape = tensor.type.shape
    let isFit = tensor.type.element == .float32 && (1...3).contains(shape.count) && (shape.count < 3 || shape[0] == 1)
    if isFit { return warnOfMissingChannels(tensor, frame) }
    misdeclared(
      tensor, "`idx` gives grey pictures, f32[1, height, width], `\(tensor.name)` is \(tensor.type)", data,
      picture(tensor.type, channels: [1]), [], frame)
  }

  private func checkPhoto(_ tensor: DeclaredTensor, _ data: PlacedData, _ frame: Frame) {
    let shape = tensor.type.shape
    if tensor.type.element == .float32, shape.count == 3, [1, 3].contains(shape[0]) { return }
    misdeclared(
      tensor,
      "`image_folder` gives pictures, f32[3, height, width] or f32[1, height, width], `\(tensor.name)` is \(tensor.type)",
      data, picture(tensor.type, channels: [3, 1]),
      shape.count == 1 ? ["a net for rows of numbers puts `flatten` first"] : [], frame)
  }

  /// The type of a picture that is meant by another one: channels first, without the batch; nil where that is open.
  private func picture(_ type: ExampleType, channels: [Int]) -> String? {
    var shape = type.shape
    if shape.count == 4 { shape.removeFirst() }
    if shape.count == 2 { shape.insert(channels[0] == 1 ? 1 : 3, at: 0) }
    guard shape.count == 3 else { return nil }
    if channels.contains(shape[2]), !channels.contains(shape[0]) { shape = [shape[2], shape[0], shape[1]] }
    if !channels.contains(shape[0]) || type.element != .float32 {
      shape[0] = channels.contains(shape[0]) ? shape[0] : channels[0]
    }
    return "\(ExampleType(.float32, shape))"
  }

  private func checkClass(_ tensor: DeclaredTensor, _ classes: [String]?, _ data: PlacedData, _ frame: Frame) {
    guard checkLabel(tensor, data, frame) else { return }
    let wanted: Int
    switch tensor.type.element {
    case .float32:
      return misdeclared(
        tensor, "`image_folder` gives one class an example, `\(tensor.name)` is \(tensor.type)", data,
        "index(\(classes?.count ?? 2))", [], frame)
    case .bool: wanted = 2
    case .index(let count): wanted = count
    }
    guard let classes, classes.count != wanted else { return }
    let place = data.bound.spans["classes"] ?? data.place
    error(
      .dataFit, "`classes` lists \(classes.count), `\(tensor.name)` is \(tensor.type)", at: place, frame,
      secondary: [.init(tensor.place, "declared here")], help: [declaring(tensor, "index(\(classes.count))", frame)])
  }

  // MARK: Text

  /// One long text: every tensor is a window of it.
  private func checkWindows(_ data: PlacedData, _ declared: [DeclaredTensor], _ frame: Frame) {
    guard let tokens = data.transforms.first(where: \.isOfText) else {
      return error(
        .dataFit, "nothing makes numbers of the text of `text`", at: data.place, frame,
        help: [
          .init(
            "add `-> chars` or `-> words(…)`", edits: [.init(data.flow.head.span.after, " -> chars")], isSure: false)
        ])
    }
    if case .tokens(let transform) = tokens.transform {
      switch transform.pieces {
      case .words, .characters: break
      case .bytes, .sentencePiece:
        error(
          .dataFit, "`\(tokens.word)` does not cut one long text into windows", at: tokens.place, frame,
          help: [.init("use `chars` or `words(…)`")])
      }
    }
    let length = declared.first { $0.isInput && $0.isRowOfIndices }?.type.shape[0]
    for tensor in declared {
      let size: Int? = if case .index(let count) = tensor.type.element { count } else { nil }
      if tensor.isRowOfIndices, tensor.type.shape[0] == length { continue }
      let values =
        size
        ?? declared.lazy.compactMap { other -> Int? in
          if case .index(let count) = other.type.element { count } else { nil }
        }.first
      let places = length ?? tensor.type.shape.first
      let type = values.flatMap { values in places.map { "index(\(values))[\($0)]" } }
      misdeclared(
        tensor,
        "`text` gives a window of the text to every input, and the same one place later to every target; "
          + "`\(tensor.name)` is \(tensor.type)", data, type, type == nil ? ["declare it as `index(n)[length]`"] : [],
        frame)
    }
  }

  /// Columns of text that nothing makes numbers of, and numbers that are asked for where a text is read.
  private func checkTexts(_ data: PlacedData, _ declared: [DeclaredTensor], _ frame: Frame) {
    for tensor in declared where tensor.type.count > 1 && columns(of: tensor, data) == 1 {
      let tokens = data.transforms.first(where: \.isOfText)
      if tensor.isRowOfIndices {
        guard tokens == nil, case .index(let count) = tensor.type.element else { continue }
        let stage = "-> words(\(count), \(tensor.type.shape[0]))"
        error(
          .dataFit, "`\(tensor.name)` is \(tensor.type), and nothing makes so many numbers of the one column",
          at: data.bound.spans[tensor.name] ?? data.place, frame, secondary: [.init(tensor.place, "declared here")],
          help: [
            .init(
              "a text becomes numbers by `\(stage)`, or `-> chars`",
              edits: [.init(data.flow.span.after, " " + stage)], isSure: false)
          ])
        blamedColumns.insert(tensor.place)
      } else if let tokens, case .tokens(let transform) = tokens.transform,
        transform.tensors.isEmpty ? tensor.isInput && tensor.type.rank == 1 : transform.tensors.contains(tensor.name)
      {
        let count: Int? = if case .words(let vocabulary) = transform.pieces { vocabulary } else { nil }
        let type = "index(\(count.map(String.init) ?? "n"))\(dimensions(tensor))"
        misdeclared(
          tensor, "`\(tokens.word)` makes whole numbers of a text, `\(tensor.name)` is \(tensor.type)", data, nil,
          ["declare `\(tensor.name): \(type)`, and start with an `embedding`"], frame)
        blamedColumns.insert(tensor.place)
      }
    }
  }

  /// `[length]`, as it is written.
  private func dimensions(_ tensor: DeclaredTensor) -> String {
    let written = writtenType(at: tensor.place)?.dimensions.map { $0.map(\.span.text).joined(separator: ", ") }
    return "[\(written ?? tensor.type.shape.map(String.init).joined(separator: ", "))]"
  }

  /// How many columns of a table a tensor is given; nil where it is given none.
  func columns(of tensor: DeclaredTensor, _ data: PlacedData) -> Int? {
    data.bound.arguments.namedTensors.first { $0.name == tensor.name }.map { _, value in
      if case .list(let list) = value { list.count } else { 1 }
    }
  }
}
