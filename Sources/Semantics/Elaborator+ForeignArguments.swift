import Source
import Syntax
import Vocabulary

// Arguments that other frameworks have, and that are something else here.
extension Elaborator {
  /// What is said of an argument that a word does not have, where a habit explains it, and whether the word can be used without it; nil for
  /// others.
  func foreignArgument(
    _ argument: ArgumentSyntax, _ name: NameSyntax, _ word: any Word.Type, _ given: Set<String>, _ bound: BoundCall
  ) -> (help: Diagnostic.Help, isUsable: Bool)? {
    let key = name.text.lowercased().filter { $0 != "_" }
    let leaveOut = withoutArgument(argument)
    switch (key, word.name) {
    case ("inputshape", _), ("inputlength", _), ("inputdim", LinearLayer.name), ("batchinputshape", _):
      return (.init("the size of what comes in is inferred: leave it out", edits: leaveOut, isSure: false), true)
    case ("returnsequences", LSTMLayer.name), ("returnsequences", GRULayer.name), ("returnsequences", RNNLayer.name):
      guard case .boolean(let flag)? = argument.value.expression else { return nil }
      let text = "take=\(flag.value ? "all" : "last")"
      return (.init("write `\(text)`", edits: [.init(argument.span, text)], isSure: false), false)
    case ("batchfirst", _):
      return (.init("the batch has no axis: leave it out", edits: leaveOut, isSure: false), true)
    case ("numlayers", LSTMLayer.name), ("numlayers", GRULayer.name), ("numlayers", RNNLayer.name):
      return (.init("write `layers`", edits: [.init(name.span, "layers")]), true)
    case ("beta1", _), ("beta2", _):
      guard words.optimizers[word.name] != nil, word.schema.contains(where: { $0.name == "betas" }) else { return nil }
      return (.init("both stand in a list: `betas=[0.9, 0.999]`"), true)
    case ("dim", _) where word.schema.contains { $0.name == "axis" }:
      return (axisHelp(argument), true)
    case ("shuffle", _) where words.sources[word.name] != nil:
      return (
        .init("training examples are shuffled anew in each epoch: leave it out", edits: leaveOut, isSure: false), true
      )
    case ("header", _) where word.namedTensors != nil, ("names", _) where word.namedTensors != nil:
      return (
        .init(
          "a first row of titles is found where columns are named by them: leave it out", edits: leaveOut, isSure: false
        ), true
      )
    case ("sep", _) where word.namedTensors != nil, ("delimiter", _) where word.namedTensors != nil:
      return (
        .init("`csv` has fields separated by commas, `tsv` by tabs: leave it out", edits: leaveOut, isSure: false), true
      )
    case ("batchsize", _) where words.sources[word.name] != nil:
      return (.init("`batch` is a setting of `train`: `batch = \(shortened(argument.value.span))`"), true)
    default: break
    }
    // `conv(1, 16, kernel_size=3)`: the second number was meant to be what comes out.
    guard word.name == ConvLayer.name || word.name == ConvTransposeLayer.name, given.contains("kernel"),
      name.text == "kernel" || argumentSynonyms[key] == "kernel", let out = bound.spans["out"],
      let kernel = bound.spans["kernel"], !kernel.text.contains("="), out.file == kernel.file
    else { return nil }
    return (
      .init(
        "the channels that come in are inferred: write `\(word.name)(\(kernel.text), kernel=\(shortened(argument.value.span)))`",
        edits: [.init(out.file.span(out.start, kernel.start), ""), .init(name.span, "kernel")], isSure: false), false
    )
  }

  /// The optimizers that have an argument which another one has not; nil where none has.
  func otherOptimizers(with argument: String, _ word: any Word.Type) -> [Diagnostic.Help]? {
    guard words.optimizers[word.name] != nil else { return nil }
    let others = words.optimizers.values.filter { $0.schema.contains { $0.name == argument } }.map { "`\($0.name)`" }
      .sorted()
    if others.isEmpty { return nil }
    return [
      .init("`\(argument)` belongs to \(others.joined(separator: " and "))"),
      .init("\(word.name)(\(word.signature))"),
    ]
  }

  /// "axes are counted without the batch: write `axis=0`"
  private func axisHelp(_ argument: ArgumentSyntax) -> Diagnostic.Help {
    guard case .number(let number)? = argument.value.expression, case .integer(let axis) = number.value, axis > 0 else {
      let text = "axis=\(argument.value.span.text)"
      return .init("write `\(text)`", edits: [.init(argument.span, text)], isSure: false)
    }
    let text = "axis=\(axis - 1)"
    return .init(
      "axes are counted without the batch: write `\(text)`", edits: [.init(argument.span, text)], isSure: false)
  }

  /// The edit that takes out an argument with the comma before it, or behind it.
  func withoutArgument(_ argument: ArgumentSyntax) -> [Diagnostic.Edit] {
    let (span, bytes) = (argument.span, argument.span.file.bytes)
    func isBlank(_ index: Int) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) }
    var start = span.start
    while start > 0, isBlank(start - 1) { start -= 1 }
    if start > 0, bytes[start - 1] == UInt8(ascii: ",") { return [.init(span.file.span(start - 1, span.end), "")] }
    var end = span.end
    while end < bytes.count, isBlank(end) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: ",") else { return [.init(span, "")] }
    end += 1
    while end < bytes.count, bytes[end] == 0x20 { end += 1 }
    return [.init(span.file.span(span.start, end), "")]
  }

  /// Reports a number that its commas make several arguments, and says where it ends; nil for others.
  func commaInNumber(
    _ first: ArgumentSyntax, _ second: ArgumentSyntax, _ word: any Word.Type, _ bound: BoundCall, _ frame: Frame
  ) -> Int? {
    guard let help = decimalComma(first, second, isWhole: isWhole(first, word, bound)) else { return nil }
    let end = help.edits[0].span.end
    let written = shortened(first.span.file.span(first.span.start, end))
    error(
      .repeatedArgument, "`\(written)` is \(end > second.span.end ? "several" : "two") arguments", at: second.span,
      frame,
      help: [help])
    return end
  }

  /// Whether an argument that is bound is a whole number to its word.
  private func isWhole(_ argument: ArgumentSyntax, _ word: any Word.Type, _ bound: BoundCall) -> Bool {
    word.schema.contains { schema in
      if case .whole = schema.kind { bound.spans[schema.name] == argument.span } else { false }
    }
  }

  /// `lr=0,001`: the two arguments that a decimal comma makes of one number; nil for others.
  /// `isWhole` says that the first is a whole number: then three digits behind each comma are thousands, `linear(1,000)`.
  private func decimalComma(_ first: ArgumentSyntax, _ second: ArgumentSyntax, isWhole: Bool) -> Diagnostic.Help? {
    guard second.name == nil, case .number(let whole)? = first.value.expression,
      case .number(let part)? = second.value.expression, case .integer = whole.value, case .integer = part.value,
      whole.span.file == part.span.file, part.span.start == whole.span.end + 1
    else { return nil }
    if isWhole, part.text.count == 3, whole.text.count <= 3, !whole.text.hasPrefix("0") {
      let bytes = whole.span.file.bytes
      func isDigit(_ place: Int) -> Bool { place < bytes.count && (0x30...0x39).contains(bytes[place]) }
      var end = part.span.end
      while end < bytes.count, bytes[end] == UInt8(ascii: ","), (1...3).allSatisfy({ isDigit(end + $0) }),
        !isDigit(end + 4)
      {
        end += 4
      }
      let written = whole.span.file.span(whole.span.start, end)
      let text = written.text.filter { $0 != "," }
      return .init("the digits of a number stand together: `\(text)`", edits: [.init(written, text)], isSure: false)
    }
    let number = "\(whole.text).\(part.text)"
    return .init(
      "a number has a decimal point: `\(number)`",
      edits: [.init(whole.span.file.span(whole.span.start, part.span.end), number)], isSure: false)
  }

  /// `linear(64, "relu")`, `linear(64, relu)`: an activation among the arguments; nil for others.
  func activationHelp(
    _ extra: ArgumentSyntax, after arguments: [ArgumentSyntax], _ word: any Word.Type
  ) -> Diagnostic.Help? {
    let text: String
    switch extra.value.expression {
    case .string(let string)?: text = string.value
    case .call(let call)? where call.arguments == nil && call.path.count == 1: text = call.path[0].text
    default: return nil
    }
    guard let activation = words.layers[text], activation.schema.allSatisfy({ $0.presence != .required }),
      words.layers[word.name] != nil, let first = arguments.first, first.span != extra.span
    else { return nil }
    let rest = arguments.filter { $0.span != extra.span }.map(\.span.text).joined(separator: ", ")
    let file = extra.span.file
    var end = extra.span.end
    while end < file.bytes.count, file.bytes[end] == 0x20 { end += 1 }
    let closes = end < file.bytes.count && file.bytes[end] == UInt8(ascii: ")")
    return .init(
      "an activation is a stage of its own: `\(word.name)(\(rest)) -> \(text)`",
      edits: closes
        ? withoutArgument(extra) + [.init(file.span(end + 1, end + 1), " -> \(text)")] : [], isSure: false)
  }

  /// What a word has where a mask or keys are given without a name, or a flag as a text: `keys=k`, `causal=true`.
  func placeHelp(_ meaning: Meaning, _ flow: FlowSyntax, _ word: any Word.Type, _ span: SourceSpan) -> Diagnostic.Help?
  {
    switch meaning {
    case .tensor:
      guard span == flow.span, let schema = word.schema.first(where: { $0.isNamedOnly && $0.kind.takesTensors }) else {
        return nil
      }
      let text = "\(schema.name)=\(flow.span.text)"
      return .init("write `\(shortened(text))`", edits: [.init(span, text)], isSure: false)
    case .text(let text):
      guard word.schema.contains(where: { $0.name == text && $0.kind == .flag }) else { return nil }
      return .init("write `\(text)=true`", edits: [.init(span, "\(text)=true")], isSure: false)
    default: return nil
    }
  }
}

/// A text on one line, cut where it is long.
private func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(37) + "..." : text }

extension ArgumentKind {
  fileprivate var takesTensors: Bool {
    switch self {
    case .tensor: true
    case .either(let kinds): kinds.contains(where: \.takesTensors)
    default: false
    }
  }
}
