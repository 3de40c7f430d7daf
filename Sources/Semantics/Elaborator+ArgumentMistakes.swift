import Source
import Syntax
import Vocabulary

// What is said of arguments that stand in the wrong place.
extension Elaborator {
  /// An argument without a name after one with a name; it is read all the same. `name` is the argument that it would be.
  func unnamed(_ argument: ArgumentSyntax, after named: ArgumentSyntax, _ name: String?, _ frame: Frame) {
    error(
      .repeatedArgument, "an argument without a name cannot follow one with a name", at: argument.span, frame,
      secondary: [.init(named.span, "has a name")],
      help: name.map {
        [
          .init(
            "write `\($0)=\(shortened(argument.span))`", edits: [.init(argument.span.before, "\($0)=")], isSure: false)
        ]
      } ?? []
    )
  }

  /// More arguments without names than there are places.
  func tooMany(_ extra: [ArgumentSyntax], of arguments: [ArgumentSyntax], _ word: any Word.Type, _ frame: Frame) {
    guard let first = extra.first, let last = extra.last else { return }
    let places = word.schema.filter { !$0.isNamedOnly }
    var help = word.schema.isEmpty ? [] : [Diagnostic.Help("\(word.name)(\(word.signature))")]
    if places.count == 1, word.schema.contains(where: { $0.name == "inputs" }) {
      // `linear(784, 128)`: the first number is what comes in.
      let isPair = arguments.count == 2 && arguments[0].name == nil
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
  }

  /// `split(0.2)`: a word that always stands first was left out. It is reported, and taken as given.
  func skipLeftOut(
    _ positional: inout ArraySlice<ArgumentSchema>, _ argument: ArgumentSyntax, _ word: any Word.Type,
    _ given: inout Set<String>, _ frame: Frame, _ isUsable: inout Bool
  ) {
    guard argument.name == nil, let schema = positional.first, case .choice(let choices) = schema.kind,
      choices.count == 1,
      positional.count > 1, schema.presence == .required, argument.value.expression?.bareCall?.text != choices[0]
    else { return }
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
