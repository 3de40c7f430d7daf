import Graphs
import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// The type that is written, all sizes evaluated; nil after a mistake.
  func exampleType(_ syntax: TypeSyntax, _ frame: Frame) -> ExampleType? {
    guard let element = element(syntax, frame) else { return nil }
    var shape: [Int] = []
    let dimensions = syntax.dimensions ?? []
    if dimensions.count > ExampleType.rankLimit {
      error(
        .tooLarge, "a tensor has at most \(ExampleType.rankLimit) axes, this one has \(dimensions.count)",
        at: syntax.span, frame)
      return nil
    }
    for (axis, dimension) in dimensions.enumerated() {
      let isBatch = axis == 0 && dimensions.count > 1 && ["-1", "0", "none"].contains(dimension.span.text)
      if isBatch {
        let rest = dimension.span.file.span(dimension.span.start, dimensions[1].span.start)
        error(
          .size, "a size must be at least 1, got \(dimension.span.text)", at: dimension.span, frame,
          help: [.init("a type describes one example: leave the batch out", edits: [.init(rest, "")])])
        continue
      }
      guard let size = size(dimension, frame) else { return nil }
      shape.append(size)
    }
    return ExampleType(element, shape)
  }

  /// The element type; nil after a mistake.
  func element(_ syntax: TypeSyntax, _ frame: Frame) -> ExampleType.Element? {
    let name = syntax.name
    if name.text != "index", let argument = syntax.argument {
      let brackets = name.span.file.span(name.span.end, syntax.span.end)
      error(
        .unknownType, "`\(name.text)` takes no number in ( ): sizes stand in [ ]", at: argument.span, frame,
        help: syntax.dimensions == nil
          ? [.init("write `\(name.text)[\(argument.span.text)]`", edits: [.init(brackets, "[\(argument.span.text)]")])]
          : [])
      return nil
    }
    switch name.text {
    case "f32": return .float32
    case "bool": return .bool
    case "index":
      guard let argument = syntax.argument else {
        let count = syntax.dimensions.flatMap { $0.count == 1 ? $0[0].span.text : nil }
        // An input may as well be a row of as many indices.
        let isTarget =
          train?.body.contains { if case .target(let node) = $0 { node.type.span == syntax.span } else { false } }
          ?? false
        let meant = count.map { count in
          isTarget
            ? Diagnostic.Help(
              "the number of values stands in round brackets: write `index(\(count))`",
              edits: [.init(syntax.span, "index(\(count))")], isSure: false)
            : Diagnostic.Help(
              "a row of \(count) is `index(n)[\(count)]`, where n is the number of its values; one of \(count) values is `index(\(count))`"
            )
        }
        error(
          .unknownType, "`index` needs the number of its values", at: name.span, frame,
          help: [meant ?? classHelp(syntax, frame)])
        return nil
      }
      let meaning = evaluate(argument, frame)
      let notes = origins(of: argument, frame)
      guard
        let count = whole(meaning, "the number of an `index`", atLeast: 1, at: argument.span, frame, notes: notes)
      else {
        blame(argument, frame)
        return nil
      }
      if count > Int(Int32.max) {
        error(.tooLarge, "`index` has at most 2^31 - 1 values, got \(count)", at: argument.span, frame)
        return nil
      }
      return .index(count: count)
    default:
      if name.isMissing { return nil }
      let near = suggestion(
        for: name, among: TypeSyntax.elements,
        synonyms: [
          "float": "f32", "float32": "f32", "int": "index", "boolean": "bool", "i32": "index", "f64": "f32",
          "f16": "f32", "half": "f32", "double": "f32", "float16": "f32", "float64": "f32",
          "bf16": "f32",
        ])
      switch name.text.lowercased() {
      case "string", "str", "text":
        error(
          .unknownType, "there is no type `\(name.text)`", at: name.span, frame,
          help: [.init("a text is a row of numbers of words or characters: `index(5000)[80]`")])
        return nil
      case "image", "picture", "photo", "tensor":
        error(
          .unknownType, "there is no type `\(name.text)`", at: name.span, frame,
          help: [.init("a picture is `f32[channels, height, width]`, such as `f32[3, 64, 64]`")])
        return nil
      default: break
      }
      // `index` needs its number: that of the scores, or nobody but the user knows it.
      let isBareIndex = near.word == "index" && syntax.argument == nil
      error(
        .unknownType, "there is no type `\(name.text)`\(near.text)", at: name.span, frame,
        help: (isBareIndex ? [classHelp(syntax, frame)] : near.help)
          + [.init("the types are `f32`, `bool` and `index(n)`")])
      // A name with numbers in it may hold the sizes.
      if name.text.count(where: \.isNumber) > 2 { return nil }
      return near.word == "f32" ? .float32 : near.word == "bool" ? .bool : nil
    }
  }

  /// How to write a type of whole numbers; for a target, with as many as the net has scores for.
  private func classHelp(_ syntax: TypeSyntax, _ frame: Frame) -> Diagnostic.Help {
    guard syntax.dimensions == nil, let target = target({ $0.type.span == syntax.span }),
      let scores = scores(comparedWith: target.name.text), case .tensor(let tensor)? = frame.entry(scores)?.meaning,
      let count = tensor.tensor?.type.shape.last
    else { return .init("write `index(10)` for whole numbers from 0 to 9") }
    return .init(
      "write `index(\(count))`: `\(scores)` has \(self.count(count, "score"))",
      edits: tensor.tensor?.type.rank == 1 ? [.init(syntax.span, "index(\(count))")] : [], isSure: false)
  }

  /// A size: a whole number of at least 1; nil after a mistake.
  func size(_ expression: ExpressionSyntax, _ frame: Frame) -> Int? {
    let meaning = evaluate(expression, frame)
    let notes = origins(of: expression, frame)
    if frame.declaration?.kind == .block, expression.span.text == "-1" {
      error(
        .size, "a size must be at least 1, got -1", at: expression.span, frame,
        help: [.init("a size that may be any has a name in a block: `input x: f32[n]`")])
      blame(expression, frame)
      frame.isUnfit = true
      return nil
    }
    let size = whole(meaning, "a size", atLeast: 1, at: expression.span, frame, notes: notes)
    if size == nil { blame(expression, frame) }
    return size
  }

  /// The whole number that a meaning is; reports what is none.
  func whole(
    _ meaning: Meaning, _ what: String, atLeast minimum: Int, at span: SourceSpan, _ frame: Frame?,
    notes: [Diagnostic.Note] = []
  ) -> Int? {
    if meaning.isUnknown { return nil }
    guard case .number(let number) = meaning else {
      var help: [Diagnostic.Help] = []
      if case .span = meaning, let digits = span.text.split(separator: " ").first {
        help = [.init("the name says the unit: write `\(digits)`", edits: [.init(span, String(digits))])]
      } else if case .text(let text) = meaning, Int(text) != nil {
        help = [.init("numbers stand without quotes: `\(text)`", edits: [.init(span, text)])]
      }
      error(.size, "\(what) must be a whole number, got \(meaning.description)", at: span, frame, help: help)
      return nil
    }
    guard let whole = number.whole else {
      return notWhole(number, what, at: span, frame, notes: notes).flatMap { $0 >= minimum ? $0 : nil }
    }
    guard whole >= minimum else {
      let value = span.text == String(whole) ? "got \(whole)" : "`\(shortened(span))` is \(whole)"
      error(.size, "\(what) must be at least \(minimum), \(value)", at: span, frame, notes: notes)
      return nil
    }
    return whole
  }

  /// Takes the tensor that a block is given apart by the type of its input: names that are new are bound to sizes, all else is
  /// checked.
  func bindInput(_ node: InputSyntax, _ given: TensorMeaning, _ frame: Frame) {
    let type = node.type
    if type.name.isMissing { return }
    let dimensions = type.dimensions ?? []
    let names = dimensions.map {
      $0.bareCall.flatMap { frame.entry($0.text) == nil && constant($0.text, frame) == nil ? $0 : nil }
    }
    let isUnread = dimensions.contains { $0.isMissing }
    let found = isUnread ? nil : given.tensor?.type
    let fits = found?.rank == dimensions.count
    let mismatches = Reporter.Mark(reporter)
    for (axis, name) in names.enumerated() {
      guard let name else { continue }
      let meaning = fits ? found.map { Meaning.number(.integer($0.shape[axis])) } ?? .unknown : .unknown
      if let known = frame.names[name.text] {
        // The name stands twice in one type: both sizes must agree.
        guard case .number(let first) = known.meaning, case .number(let second) = meaning, first != second else {
          continue
        }
        blockInput(node, found, "`\(name.text)` is \(first) and \(second)", frame)
      } else {
        declare(name, meaning, .dimension, frame)
      }
    }
    guard let found else {
      for (dimension, name) in zip(dimensions, names) where name == nil { _ = evaluate(dimension, frame) }
      return
    }
    if !matches(type, found.element, frame) || !fits { return blockInput(node, found, nil, frame) }
    for (axis, dimension) in dimensions.enumerated() where names[axis] == nil {
      guard let size = size(dimension, frame) else { continue }
      if size != found.shape[axis] {
        let text = dimension.span.text == String(size) ? nil : "`\(shortened(dimension.span))` is \(size)"
        if !mismatches.hasErrors(reporter) { blockInput(node, found, text, frame) }
      }
    }
  }

  private func matches(_ type: TypeSyntax, _ found: ExampleType.Element, _ frame: Frame) -> Bool {
    if type.name.text == "index", let name = type.argument?.bareCall, frame.entry(name.text) == nil,
      constant(name.text, frame) == nil
    {
      guard case .index(let count) = found else { return false }
      declare(name, .number(.integer(count)), .dimension, frame)
      return true
    }
    guard let element = element(type, frame) else { return true }
    return element == found
  }

  private func blockInput(_ node: InputSyntax, _ found: ExampleType?, _ reason: String?, _ frame: Frame) {
    let block = frame.declaration?.name.text ?? "the block"
    let got = found.map { ", gets \($0)" } ?? ""
    let place = frame.caller?.span ?? node.span
    frame.isUnfit = true
    error(
      .blockInput,
      "\(block) expects `\(node.name.text)` of type \(shortened(node.type.span))\(got)"
        + (reason.map { ": \($0)" } ?? ""),
      at: place, frame.caller?.frame, secondary: [.init(node.type.span, "expected here")])
  }
}
