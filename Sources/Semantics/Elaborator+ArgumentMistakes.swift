import Source
import Syntax
import Vocabulary

// What is said of arguments that stand in the wrong place.
extension Elaborator {
  /// An argument without a name after one with a name; it is read all the same. `name` is the argument that it would be.
  func unnamed(_ argument: ArgumentSyntax, after named: ArgumentSyntax, _ name: String?, _ frame: Frame) {
    // Where one bracket is amiss, many arguments follow.
    guard resolved.insert(named.span).inserted else { return reporter.suppress() }
    error(
      .repeatedArgument, "an argument without a name cannot follow one with a name", at: argument.span, frame,
      secondary: [.init(named.span, "has a name")],
      help: name.map { [givingName($0, to: argument)] } ?? []
    )
  }

  /// `pad=1` for `1`, and for `pad1`.
  private func givingName(_ name: String, to argument: ArgumentSyntax) -> Diagnostic.Help {
    let written = argument.span.text
    let digits = written.dropFirst(name.count)
    if written.hasPrefix(name), !digits.isEmpty, digits.allSatisfy(\.isNumber) {
      let text = "\(name)=\(digits)"
      return .init("write `\(text)`", edits: [.init(argument.span, text)], isSure: false)
    }
    return .init(
      "write `\(name)=\(shortened(argument.span))`", edits: [.init(argument.span.before, "\(name)=")], isSure: false)
  }

  /// Whether all arguments together are one mistake, which is reported: `split(0.2, data)`, `reshape(1, 8, 8)`.
  func isOneMistake(_ syntax: ArgumentsSyntax?, _ word: any Word.Type, _ frame: Frame) -> Bool {
    guard let syntax, let first = word.schema.first, syntax.arguments.count >= 2,
      syntax.arguments.allSatisfy({ $0.name == nil })
    else { return false }
    let arguments = syntax.arguments
    let text: String
    let message: String
    switch first.kind {
    case .choice(let choices)
    where choices.count == 1 && arguments.count == 2 && arguments[1].value.expression?.bareCall?.text == choices[0]:
      text = "\(arguments[1].span.text), \(arguments[0].span.text)"
      message = "\(word.name) takes `\(choices[0])` first"
    case .list
    where !first.isRepeated && arguments.count > word.schema.count { !$0.isNamedOnly }
      && arguments.allSatisfy({ if case .number? = $0.value.expression { true } else { false } }):
      text = "[" + arguments.map(\.span.text).joined(separator: ", ") + "]"
      message = "`\(first.name)` of \(word.name) is one list, got \(arguments.count) numbers"
    default: return false
    }
    let place = arguments[0].span.extended(to: arguments[arguments.count - 1].span)
    error(
      .argumentKind, message, at: place, frame,
      help: [.init("write `\(word.name)(\(text))`", edits: [.init(place, text)], isSure: false)])
    return true
  }

  /// The inputs and targets that a source of data has nothing for yet.
  func tensorsHelp(
    _ names: [String], _ name: NameSyntax, _ word: any Word.Type, _ tensors: [String], _ bound: BoundCall
  ) -> [Diagnostic.Help] {
    // As many names that there are not as tensors without a name: one stands for the other, in their order.
    let unknown = bound.names.filter { given in !tensors.contains(given) && !word.schema.contains { $0.name == given } }
    let open = tensors.filter { !bound.names.contains($0) }
    if unknown.count == open.count, let index = unknown.firstIndex(of: name.text), Set(unknown).count == unknown.count {
      return [
        .init(
          "the net calls it `\(open[index])`", edits: [.init(name.span, open[index])], isSure: false)
      ]
    }
    return names.isEmpty
      ? [] : [.init("its inputs and targets are " + names.prefix(8).map { "`\($0)`" }.joined(separator: ", "))]
  }

  /// More arguments without names than there are places. Gives the one that is meant where the others only say what is inferred.
  func tooMany(
    _ extra: [ArgumentSyntax], of arguments: [ArgumentSyntax], _ word: any Word.Type, _ frame: Frame
  ) -> ArgumentSyntax? {
    guard let first = extra.first, let last = extra.last else { return nil }
    if first.value.head.isMissing {
      reporter.suppress()
      return nil
    }
    let places = word.schema.filter { !$0.isNamedOnly }
    var help = word.schema.isEmpty ? [] : [Diagnostic.Help("\(word.name)(\(word.signature))")]
    var meant: ArgumentSyntax?
    if let named = runTogetherHelp(first, word, frame) {
      help = [named]
    } else if let activation = activationHelp(first, after: arguments, word) {
      help = [activation]
    } else if let inferred = inferredHelp(extra, arguments, word) {
      help = [inferred]
    } else if places.count == 1, word.schema.contains(where: { $0.name == "inputs" }) {
      // `linear(784, 128)`: the first number is what comes in.
      let isPair = arguments.count == 2 && arguments[0].name == nil
      if isPair { meant = last }
      help.append(
        .init(
          "the size of what comes in is inferred, and not given"
            + (isPair ? ": write `\(word.name)(\(shortened(last.span)))`" : ""),
          edits: isPair ? [.init(arguments[0].span.extended(to: last.span), last.span.text)] : [], isSure: false))
    } else if extra.count == 1, let next = word.schema.first(where: \.isNamedOnly), next.kind != .flag {
      help.append(.init("the others are given by name, such as `\(next.name)=\(shortened(first.span))`"))
    }
    error(
      .repeatedArgument,
      word.schema.isEmpty
        ? "\(word.name) takes no arguments"
        : "\(word.name) takes \(self.count(places.count, "argument")) without a name, gets \(places.count + extra.count)",
      at: first.span.extended(to: last.span), frame, help: help)
    return meant
  }

  /// `lstm(32, 64)`, `group_norm(8, 32)`, `batch_norm(16)`: the size of what comes in among the numbers; nil for others.
  private func inferredHelp(
    _ extra: [ArgumentSyntax], _ arguments: [ArgumentSyntax], _ word: any Word.Type
  ) -> Diagnostic.Help? {
    let isSize =
      switch extra.first?.value.expression {
      case .number?: true
      case .call(let call)?: call.arguments == nil && word.schema.allSatisfy(\.isNamedOnly)
      default: false
      }
    guard extra.count == 1, extra[0].name == nil, isSize, arguments[0].name == nil,
      arguments.allSatisfy({ $0.name != nil || $0.value.stages.isEmpty })
    else { return nil }
    let file = extra[0].span.file
    func written(_ kept: [ArgumentSyntax]) -> String {
      kept.isEmpty ? word.name : "\(word.name)(\(kept.map(\.span.text).joined(separator: ", ")))"
    }
    switch word.name {
    case LSTMLayer.name, GRULayer.name, RNNLayer.name:
      let kept = Array(arguments.dropFirst())
      return .init(
        "the size of what comes in is inferred, and not given: write `\(written(kept))`",
        edits: [.init(file.span(arguments[0].span.start, arguments[1].span.start), "")], isSure: false)
    case BatchNormLayer.name, LayerNormLayer.name, RMSNormLayer.name, GroupNormLayer.name:
      let kept = arguments.filter { $0.span != extra[0].span }
      var edits = withoutArgument(extra[0])
      if kept.isEmpty, let open = edits.first?.span.start, open > 0, file.bytes[open - 1] == UInt8(ascii: "("),
        let end = edits.first?.span.end, end < file.bytes.count, file.bytes[end] == UInt8(ascii: ")")
      {
        edits = [.init(file.span(open - 1, end + 1), "")]
      }
      return .init(
        "the size of what comes in is inferred, and not given: write `\(written(kept))`", edits: edits, isSure: false)
    default: return nil
    }
  }

  /// `inputs8`: the name of an argument and its number without the `=` between them; nil for everything else.
  private func runTogetherHelp(_ argument: ArgumentSyntax, _ word: any Word.Type, _ frame: Frame) -> Diagnostic.Help? {
    guard let name = argument.value.expression?.bareCall?.text, argument.name == nil, frame.entry(name) == nil,
      let schema = word.schema.first(where: { name.hasPrefix($0.name) }), name.utf8.count <= 40
    else { return nil }
    let number = name.dropFirst(schema.name.count)
    guard !number.isEmpty, number.allSatisfy(\.isNumber) else { return nil }
    let text = "\(schema.name)=\(number)"
    return .init("write `\(text)`", edits: [.init(argument.span, text)], isSure: false)
  }

  /// What to write for a word without its arguments: the rate of an optimizer, `adam(lr=1e-3)`, or what a loss compares where the net
  /// has one output and one target; nil where something else is missing.
  func rateHelp(
    _ word: any Word.Type, _ missing: [ArgumentSchema], _ syntax: ArgumentsSyntax?, at place: SourceSpan
  ) -> [Diagnostic.Help]? {
    if let loss = words.losses[word.name], syntax?.arguments.isEmpty ?? true, let outputs = rootFrame?.outputs,
      outputs.count == 1,
      let targets = train?.body.compactMap({ if case .target(let node) = $0 { node.name.text } else { nil } }),
      targets.count == 1, missing.map(\.name) == [loss.compared.prediction, loss.compared.target]
    {
      let text = "\(word.name)(\(outputs[0].name), \(targets[0]))"
      return [
        .init(
          "write `\(text)`", edits: [.init(syntax.map { place.extended(to: $0.span) } ?? place, text)], isSure: false)
      ]
    }
    if words.sources[word.name] != nil, missing.map(\.name) == ["part"], syntax?.arguments.isEmpty ?? true {
      let edit = Diagnostic.Edit(syntax?.span ?? place.after, "(\"train\")")
      return [.init("such as `\(word.name)(\"train\")`", edits: [edit], isSure: false)]
    }
    guard words.optimizers[word.name] != nil, missing.map(\.name) == ["lr"] else { return nil }
    let rate = word.name == SGDOptimizer.name ? "lr=0.01" : "lr=1e-3"
    let rest = syntax?.arguments.map { ", " + $0.span.text }.joined() ?? ""
    let edit: Diagnostic.Edit =
      if let first = syntax?.arguments.first {
        .init(first.span.before, "\(rate), ")
      } else if let syntax {
        .init(syntax.span, "(\(rate))")
      } else {
        .init(place.after, "(\(rate))")
      }
    return [.init("such as `\(word.name)(\(rate)\(rest))`", edits: [edit], isSure: false)]
  }

  /// `parameters`, `net.parameters()`: what an optimizer changes elsewhere.
  func namesWeights(_ argument: ArgumentSyntax, _ frame: Frame) -> Bool {
    guard argument.name == nil || ["params", "parameters"].contains(argument.name?.text ?? ""),
      case .call(let call)? = argument.value.expression, let last = call.path.last?.text
    else { return false }
    let isKnown = frame.entry(call.path[0].text) != nil || scope(frame).constants[call.path[0].text] != nil
    return !isKnown && (["parameters", "params", "weights", "model"].contains(last) || scope(frame).nets[last] != nil)
  }

  /// `csv(flowers.csv, …)`, `image_folder(cats/train)`: a path whose names stand for nothing here.
  func isUnquoted(_ flow: FlowSyntax, _ frame: Frame) -> Bool {
    guard flow.stages.isEmpty, let expression = flow.expression else { return false }
    var names: [CallSyntax] = []
    func isPath(_ expression: ExpressionSyntax) -> Bool {
      switch expression {
      case .call(let call):
        names.append(call)
        return call.arguments == nil
      case .binary(let node):
        return [.divide, .subtract].contains(node.operator) && isPath(node.left) && isPath(node.right)
      default: return false
      }
    }
    return isPath(expression)
      && names.allSatisfy { call in
        frame.entry(call.path[0].text) == nil && scope(frame).constants[call.path[0].text] == nil
      }
  }

  /// `split(0.2)`, `split("a.csv", 0.2)`: a word that always stands first was left out, or something stands in its place. It is
  /// reported, and taken as given; true where the argument stands in its place. `count` arguments have no name.
  func skipLeftOut(
    _ positional: inout ArraySlice<ArgumentSchema>, _ argument: ArgumentSyntax, _ word: any Word.Type,
    _ given: inout Set<String>, _ count: Int, _ frame: Frame, _ isUsable: inout Bool
  ) -> Bool {
    guard argument.name == nil, let schema = positional.first, case .choice(let choices) = schema.kind,
      choices.count == 1,
      positional.count > 1, schema.presence == .required, argument.value.expression?.bareCall?.text != choices[0]
    else { return false }
    if count >= positional.count {
      error(
        .argumentKind, "\(word.name) takes its part from `\(choices[0])`, got `\(shortened(argument.span))`",
        at: argument.span, frame,
        help: [.init("write `\(choices[0])`", edits: [.init(argument.span, choices[0])], isSure: false)])
      given.insert(schema.name)
      positional = positional.dropFirst()
      isUsable = false
      return true
    }
    error(
      .missingArgument, "\(word.name) needs `\(choices[0])` before `\(shortened(argument.span))`", at: argument.span,
      frame,
      help: [
        .init(
          "write `\(word.name)(\(choices[0]), \(shortened(argument.span)))`",
          edits: [.init(argument.span.before, "\(choices[0]), ")])
      ])
    given.insert(schema.name)
    positional = positional.dropFirst()
    isUsable = false
    return false
  }

  /// `dropout(50)`: a share is written as a number below 1.
  func percentHelp(_ meaning: Meaning, _ kind: ArgumentKind, _ span: SourceSpan) -> [Diagnostic.Help] {
    guard case .number(let number) = meaning, case .number(let bounds) = kind,
      [.probability, .fraction, .unit].contains(bounds), number.double >= 2, number.double < 100
    else { return [] }
    let share = "\(number.double / 100)"
    return [.init("\(number) percent is written `\(share)`", edits: [.init(span, share)], isSure: false)]
  }

  /// Where the names in an expression have their values from: "`heads` is 5, `width` is 64".
  func origins(of flow: FlowSyntax, _ frame: Frame) -> [Diagnostic.Note] {
    flow.expression.map { origins(of: $0, frame) } ?? []
  }

  func origins(of expression: ExpressionSyntax, _ frame: Frame) -> [Diagnostic.Note] {
    var names: [NameSyntax] = []
    collect(expression, &names)
    var seen: Set<String> = []
    let texts = names.compactMap { name -> String? in
      guard seen.insert(name.text).inserted else { return nil }
      let entry = frame.entry(name.text)
      let meaning = entry?.meaning ?? constant(name.text, frame)
      switch meaning {
      case .number(let number)?:
        let option = entry.flatMap { optionOf[$0.span] }.map { " by `--set \($0)`" } ?? ""
        return "`\(name.text)` is \(number)\(option)"
      case .flag(let flag)?: return "`\(name.text)` is \(flag)"
      default: return nil
      }
    }
    return texts.isEmpty ? [] : [.init(texts.joined(separator: ", "))]
  }

  /// Takes the value of a name away after it was reported as unfit: what else it does not fit is the same mistake.
  func blame(_ expression: ExpressionSyntax, _ frame: Frame) {
    guard let name = expression.bareCall else { return }
    var current: Frame? = frame
    while let frame = current {
      if frame.names[name.text] != nil {
        frame.names[name.text]?.meaning = .unknown
        return
      }
      current = frame.outer
    }
    if let constant = scope(frame).constants[name.text] { constants[constant.name.span] = .known(.unknown) }
  }

  /// The names that an expression reads.
  private func collect(_ expression: ExpressionSyntax, _ names: inout [NameSyntax]) {
    switch expression {
    case .call(let call): if let name = call.bareName { names.append(name) }
    case .parenthesized(let node): if let inner = node.flow.expression { collect(inner, &names) }
    case .unary(let node): collect(node.operand, &names)
    case .binary(let node):
      collect(node.left, &names)
      collect(node.right, &names)
    case .conditional(let node):
      collect(node.condition, &names)
      collect(node.then, &names)
      collect(node.otherwise, &names)
    default: return
    }
  }
}
