import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// Gives the parameters of a block their values, and collects tensors for its further inputs. False after a mistake.
  func bind(
    _ net: NetSyntax, _ arguments: [(ArgumentSyntax, Frame)], at place: SourceSpan, into inner: Frame,
    _ inputs: inout [String: TensorMeaning], _ frame: Frame
  ) -> Bool {
    var isComplete = true
    if hasUnreadHeader(net) { return bindUnread(net, arguments, into: inner, &inputs, frame) }
    if let tensor = sentInBrackets(arguments, net, frame) {
      error(
        .argumentKind, "`\(tensor.span.text)` flows into \(net.name.text) by `->`: it is no parameter", at: tensor.span,
        frame, secondary: [.init(net.name.span, "declared here")],
        help: [.init("leave it out", edits: withoutArgument(tensor), isSure: false)])
      return false
    }
    let parameters = Dictionary(net.parameters.map { ($0.name.text, $0) }, uniquingKeysWith: { first, _ in first })
    var positional = net.parameters[...]
    let inputNames = net.inputNames
    let further = Set(inputNames.dropFirst())
    var given: [String: SourceSpan] = [:]
    var named: ArgumentSyntax?
    var extra: [ArgumentSyntax] = []
    for (argument, argumentFrame) in arguments {
      while let first = positional.first, given[first.name.text] != nil { positional.removeFirst() }
      if argument.name == nil, let named { unnamed(argument, after: named, positional.first?.name.text, frame) }
      if argument.name != nil { named = named ?? argument }
      var name = argument.name
      if name == nil {
        guard let parameter = positional.first else {
          extra.append(argument)
          continue
        }
        name = parameter.name
      }
      guard let name else { continue }
      if let first = given[name.text] {
        error(
          .repeatedArgument, "`\(name.text)` of \(net.name.text) is given twice", at: argument.span, frame,
          secondary: [.init(first, "first given here")])
        continue
      }
      given[name.text] = argument.span
      if let parameter = parameters[name.text] {
        if isLayer(argument, for: parameter, net, frame) {
          declare(parameter.name, .unknown, .parameter, inner)
          continue
        }
        let meaning = evaluate(argument.value, argumentFrame)
        declare(
          parameter.name, checked(meaning, parameter, at: argument.span, frame), .parameter, inner)
      } else if further.contains(name.text) {
        inputs[name.text] = tensor(evaluate(argument.value, argumentFrame), at: argument.value.span, frame)
      } else {
        var near = suggestion(
          for: name, among: (net.parameters.map(\.name.text) + further).filter { given[$0] == nil })
        if near.word == nil { near = onlyMissing(net, arguments, name) ?? near }
        // It may stand where the block could not be read, or be the one that has no name there.
        if near.word == nil, reporter.isUnread(name.text) || inputNames.contains("") {
          reporter.suppress()
          isComplete = false
          continue
        }
        error(
          .unknownArgument, "\(net.name.text) has no parameter `\(name.text)`\(near.text)", at: name.span, frame,
          help: near.help.isEmpty
            ? [
              .init(
                net.parameters.isEmpty
                  ? "leave it out, or declare it: `\(net.kind.rawValue) \(net.name.text)(\(name.text) = \(shortened(argument.value.span)))`"
                  : "\(net.name.text)(\(net.parameters.map(\.name.text).joined(separator: ", ")))")
            ] : near.help)
        // A misspelt name counts as the one that was probably meant.
        if let word = near.word, given[word] == nil, let meant = parameters[word] {
          given[word] = argument.span
          let meaning = evaluate(argument.value, argumentFrame)
          declare(meant.name, checked(meaning, meant, at: argument.span, frame), .parameter, inner)
        } else if let word = near.word {
          given[word] = argument.span
          inputs[word] = tensor(evaluate(argument.value, argumentFrame), at: argument.value.span, frame)
        } else {
          isComplete = false
        }
      }
    }
    if let first = extra.first, let last = extra.last {
      let unfed = inputNames.dropFirst().filter { inputs[$0] == nil }
      error(
        .repeatedArgument,
        "\(net.name.text) takes \(count(net.parameters.count, "parameter")), gets \(net.parameters.count + extra.count)",
        at: first.span.extended(to: last.span), frame, secondary: [.init(net.name.span, "declared here")],
        help: unfed.count == extra.count
          ? [
            .init(
              "further inputs are passed by name: `\(unfed[0])=…`",
              edits: zip(extra, unfed).map { .init($0.span.before, "\($1)=") })
          ] : [])
      isComplete = false
    }
    for parameter in net.parameters where inner.names[parameter.name.text] == nil && !parameter.name.isMissing {
      if let value = parameter.defaultValue {
        declare(
          parameter.name, checked(evaluate(value, inner), parameter, at: value.span, inner),
          .parameter, inner)
      } else {
        if given[parameter.name.text] == nil {
          error(
            .missingArgument, "\(net.name.text) needs `\(parameter.name.text)`", at: place, frame,
            secondary: [.init(parameter.span, "has no default")],
            help: arguments.isEmpty && parameter.kind == .value ? parameterHelp(net, parameter) : [])
        }
        isComplete = false
      }
    }
    for input in inputNames.dropFirst() where inputs[input] == nil && extra.isEmpty && !input.isEmpty {
      error(
        .missingArgument, "\(net.name.text) needs the input `\(input)`; pass it by name: `\(input)=…`", at: place, frame
      )
      isComplete = false
    }
    return isComplete
  }

  /// `x -> residual(x, 64)`: the tensor that flows in stands among the parameters as well; nil where that is not the one too many.
  private func sentInBrackets(
    _ arguments: [(ArgumentSyntax, Frame)], _ net: NetSyntax, _ frame: Frame
  ) -> ArgumentSyntax? {
    let unnamed = arguments.filter { $0.0.name == nil }
    guard !net.parameters.isEmpty, unnamed.count == net.parameters.count + 1, let (first, body) = unnamed.first,
      net.parameters[0].kind == .value, let name = first.value.expression?.bareCall,
      case .tensor? = body.entry(name.text)?.meaning
    else { return nil }
    return first
  }

  /// The same for parameters that could not all be read: whatever is given is right.
  private func bindUnread(
    _ net: NetSyntax, _ arguments: [(ArgumentSyntax, Frame)], into inner: Frame,
    _ inputs: inout [String: TensorMeaning], _ frame: Frame
  ) -> Bool {
    reporter.suppress()
    let further = Set(net.inputNames.dropFirst())
    for (argument, argumentFrame) in arguments {
      if case .call(let call)? = argument.value.expression, words.layers[call.path[0].text] != nil { continue }
      let meaning = evaluate(argument.value, argumentFrame)
      guard let name = argument.name?.text, further.contains(name) else { continue }
      if case .tensor(let tensor) = meaning { inputs[name] = tensor }
    }
    for parameter in net.parameters where inner.names[parameter.name.text] == nil {
      declare(parameter.name, .unknown, .parameter, inner)
    }
    return true
  }

  /// What to do about a parameter that is not given; one that flows are started from in a block without inputs is the input.
  private func parameterHelp(_ net: NetSyntax, _ parameter: ParameterSyntax) -> [Diagnostic.Help] {
    let name = parameter.name.text
    if net.inputNames.isEmpty, net.kind == .block {
      return [
        .init(
          "if `\(name)` is the tensor that flows in, it is no parameter but a line of the body: `input \(name): f32[n]`"
        )
      ]
    }
    return [.init("give it a value: `\(net.name.text)(\(name)=…)`")]
  }

  /// The only parameter that a call must give and does not, where it gives an unknown one instead: one mistake, not two.
  private func onlyMissing(
    _ net: NetSyntax, _ arguments: [(ArgumentSyntax, Frame)], _ name: NameSyntax
  ) -> (text: String, word: String?, help: [Diagnostic.Help])? {
    let known = Set(net.parameters.map(\.name.text) + net.inputNames)
    let unknown = arguments.filter { $0.0.name.map { !known.contains($0.text) } ?? false }
    let named = Set(arguments.compactMap { $0.0.name?.text })
    let unnamed = arguments.count { $0.0.name == nil }
    let missing = net.parameters.enumerated().filter { index, parameter in
      parameter.defaultValue == nil && index >= unnamed && !named.contains(parameter.name.text)
    }
    guard unknown.count == 1, missing.count == 1, let word = missing.first?.element.name.text, !word.isEmpty else {
      return nil
    }
    return (
      "; it needs `\(word)`", word, [.init("write `\(word)`", edits: [.init(name.span, word)], isSure: false)]
    )
  }

  /// Whether the word of a layer is given for a parameter, which takes one that is declared: reported.
  private func isLayer(
    _ argument: ArgumentSyntax, for parameter: ParameterSyntax, _ net: NetSyntax, _ frame: Frame
  ) -> Bool {
    guard parameter.kind != .tensor, case .call(let call)? = argument.value.expression, call.path.count == 1,
      call.arguments == nil || parameter.kind == .layer, case let word = call.path[0], frame.entry(word.text) == nil,
      constant(word.text, frame, marking: false) == nil,
      words.layers[word.text] != nil || scope(frame).nets[word.text] != nil
    else { return false }
    let name = parameter.name.text
    var help = [Diagnostic.Help("declare one above, `layer a: \(shortened(call.span))`, and pass `\(name)=a`")]
    if parameter.kind == .value { help.insert(.init("a parameter for a layer is declared as `\(name): layer`"), at: 0) }
    error(
      .argumentKind,
      "`\(name)` of \(net.name.text) takes a \(parameter.kind == .value ? "value" : "declared layer"), got the word `\(word.text)`",
      at: argument.span, frame, secondary: [.init(parameter.span, "declared here")], help: help)
    return true
  }

  /// The value if it is of the parameter's kind.
  private func checked(
    _ meaning: Meaning, _ parameter: ParameterSyntax, at span: SourceSpan, _ frame: Frame
  ) -> Meaning {
    let fits: Bool
    switch (parameter.kind, meaning) {
    case (_, .unknown), (.tensor, .tensor), (.tensor, .none), (.layer, .layer): fits = true
    case (.value, .tensor), (.value, .layer), (.value, .loss): fits = false
    case (.value, _): fits = true
    default: fits = false
    }
    if fits { return meaning }
    let kind = parameter.kind == .value ? "a value of compile time" : "a \(parameter.kind.rawValue)"
    error(
      .argumentKind, "`\(parameter.name.text)` must be \(kind), got \(meaning.description)", at: span, frame,
      secondary: [.init(parameter.span, "declared here")])
    return .unknown
  }
}
