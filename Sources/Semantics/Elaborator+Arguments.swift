import Source
import Syntax
import Vocabulary

/// The arguments of a call with where each stands.
struct BoundCall {
  var arguments = Arguments()
  /// The whole argument, name included.
  var spans: [String: SourceSpan] = [:]
  /// What is known of arguments that are tensors.
  var tensors: [String: TensorMeaning] = [:]
  /// The same, in the order of the call.
  var given: [TensorMeaning] = []
  /// Whether arguments were told to be foreign that come together: columns of a source without, `beta1` and `beta2`.
  var hasTold = false
  /// How many arguments were told to be unknown, with nothing that they may be meant for.
  var unknownCount = 0
  /// The names of the arguments of the call.
  var names: [String] = []
}

extension Elaborator {
  /// Evaluates the arguments of a call against the schema of its word; nil after a mistake that leaves the word unusable.
  /// `place` is the name of the word; `tensors` are the inputs and targets that named arguments may be called by.
  func bind(
    _ word: any Word.Type, _ syntax: ArgumentsSyntax?, at place: SourceSpan, _ frame: Frame, tensors: [String] = []
  ) -> BoundCall? {
    if isOneMistake(syntax, word, frame) { return nil }
    var bound = BoundCall()
    bound.names = (syntax?.arguments ?? []).compactMap(\.name?.text)
    var isUsable = true
    var given: Set<String> = []
    var positional = word.schema.filter { !$0.isNamedOnly }[...]
    var named: ArgumentSyntax?
    var extra: [ArgumentSyntax] = []
    var previous: ArgumentSyntax?
    var repeated: [String: [ArgumentValue]] = [:]
    // Where the last number ends that was told to be written in pieces.
    var numberEnd = 0
    let unnamedCount = syntax?.arguments.count { $0.name == nil } ?? 0
    for argument in syntax?.arguments ?? [] {
      defer { previous = argument }
      if argument.span.end <= numberEnd { continue }
      if let previous, named != nil || positional.isEmpty,
        let end = commaInNumber(previous, argument, word, bound, frame)
      {
        numberEnd = end
        isUsable = false
        continue
      }
      if words.optimizers[word.name] != nil, namesWeights(argument, frame) {
        error(
          .repeatedArgument, "\(word.name) takes no weights: it changes all those of the net", at: argument.span, frame,
          help: [.init("leave it out", edits: withoutArgument(argument), isSure: false)])
        isUsable = false
        continue
      }
      if argument.name == nil, let named {
        unnamed(argument, after: named, positional.first?.name, frame)
        if let schema = positional.popFirst() { given.insert(schema.name) }
        isUsable = false
        continue
      }
      if argument.name != nil { named = named ?? argument }
      if argument.name == nil, positional.isEmpty {
        extra.append(argument)
        continue
      }
      if skipLeftOut(&positional, argument, word, &given, unnamedCount, frame, &isUsable) { continue }
      guard let schema = schema(of: argument, word, &positional, given, &bound, frame, tensors, &isUsable) else {
        continue
      }
      if !schema.isRepeated, !given.insert(schema.name).inserted {
        error(
          .repeatedArgument, "`\(schema.name)` of \(word.name) is given twice", at: argument.span, frame,
          secondary: bound.spans[schema.name].map { [.init($0, "first given here")] } ?? [],
          help: argument.name.flatMap { foreignArgument(argument, $0, word, given, bound) }.map { [$0.help] } ?? [])
        isUsable = false
        continue
      }
      given.insert(schema.name)
      if let help = bareNameHelp(argument, word, frame) {
        error(
          .argumentKind, "`\(argument.span.text)` of \(word.name) is given by name", at: argument.span, frame,
          help: [help])
        isUsable = false
        continue
      }
      bound.spans[schema.name] = argument.span
      guard
        let value = value(
          argument.value, schema.kind, "`\(schema.name)` of \(word.name)", frame, &bound, schema.name,
          in: (word, argument.span))
      else {
        isUsable = false
        continue
      }
      if schema.isRepeated {
        repeated[schema.name, default: []].append(value)
      } else {
        bound.arguments.values[schema.name] = value
      }
    }
    for (name, values) in repeated { bound.arguments.values[name] = .list(values) }
    if !extra.isEmpty {
      if let meant = tooMany(extra, of: syntax?.arguments ?? [], word, frame), let schema = word.schema.first,
        let value = value(meant.value, schema.kind, "`\(schema.name)` of \(word.name)", frame, &bound, schema.name)
      {
        bound.arguments.values[schema.name] = value
        bound.spans[schema.name] = meant.span
      } else {
        isUsable = false
      }
    }
    let missing = word.schema.filter { $0.presence == .required && !given.contains($0.name) }
    if missing.count == 1, bound.unknownCount == 1 || movedArguments[place]?.contains(missing[0].name) ?? false {
      // The one that was told to be unknown, or to be no setting, is meant for it.
      reporter.suppress()
      return nil
    }
    if !missing.isEmpty {
      let names = missing.map { "`\($0.name)`" }.joined(separator: ", ")
      error(
        .missingArgument, "\(word.name) needs \(names)", at: place, frame,
        help: rateHelp(word, missing, syntax, at: place)
          ?? [.init("\(word.name)(\(word.signature)): \(word.documentation)")])
      return nil
    }
    return isUsable ? bound : nil
  }

  /// The schema that an argument is for; reports arguments that there are not. A misspelt name counts as the one that was
  /// probably meant.
  private func schema(
    of argument: ArgumentSyntax, _ word: any Word.Type, _ positional: inout ArraySlice<ArgumentSchema>,
    _ given: Set<String>, _ bound: inout BoundCall, _ frame: Frame, _ tensors: [String], _ isUsable: inout Bool
  ) -> ArgumentSchema? {
    guard let name = argument.name else {
      guard let schema = positional.first else { return nil }
      if !schema.isRepeated { positional = positional.dropFirst() }
      return schema
    }
    if let schema = word.schema.first(where: { $0.name == name.text }) {
      positional.removeAll { $0.name == name.text }
      return schema
    }
    if !tensors.contains(name.text), let foreign = foreignArgument(argument, name, word, given, bound) {
      if name.text == "beta2", bound.hasTold {
        reporter.suppress()
        return nil
      }
      bound.hasTold = true
      error(
        .unknownArgument, "\(word.name) has no argument `\(name.text)`", at: name.span, frame, help: [foreign.help])
      if !foreign.isUsable { isUsable = false }
      return nil
    }
    if word.namedTensors == nil, words.sources[word.name] != nil, tensors.contains(name.text) {
      isUsable = false
      if bound.hasTold {
        reporter.suppress()
      } else {
        error(
          .unknownArgument, "\(word.name) takes no columns: what it has goes to the inputs and targets by itself",
          at: name.span, frame, help: [.init("leave `\(shortened(argument.span))` out")])
      }
      bound.hasTold = true
      return nil
    }
    if let kind = word.namedTensors {
      if tensors.contains(name.text) {
        if bound.arguments.namedTensors.contains(where: { $0.name == name.text }) {
          error(.repeatedArgument, "`\(name.text)` is given twice", at: argument.span, frame)
        } else if let value = value(argument.value, kind, "`\(name.text)` of \(word.name)", frame, &bound, name.text) {
          bound.spans[name.text] = argument.span
          bound.arguments.namedTensors.append((name.text, value))
        } else {
          isUsable = false
        }
        return nil
      }
      if isToldOfNet(name) || reporter.isUnread(name.text) || hasNameless(frame) {
        reporter.suppress()
        isUsable = false
        return nil
      }
      let known = tensors.filter { tensor in !bound.arguments.namedTensors.contains { $0.name == tensor } }
      let near = suggestion(for: name, among: known + word.schema.map(\.name).filter { !given.contains($0) })
      error(
        .dataNames, "the net has no input and no target `\(name.text)`\(near.text)", at: name.span, frame,
        help: near.help.isEmpty ? tensorsHelp(known, name, word, tensors, bound) : near.help)
      if let schema = word.schema.first(where: { $0.name == near.word }) {
        positional.removeAll { $0.name == schema.name }
        return schema
      }
      if let meant = near.word,
        let value = value(argument.value, kind, "`\(meant)` of \(word.name)", frame, &bound, meant)
      {
        bound.spans[meant] = argument.span
        bound.arguments.namedTensors.append((meant, value))
      } else {
        isUsable = false
      }
      return nil
    }
    if name.isMissing { return nil }
    let near = suggestion(
      for: name, among: word.schema.map(\.name).filter { !given.contains($0) },
      synonyms: argumentSynonyms.merging(argumentSynonymsOfWord[word.name] ?? [:]) { $1 })
    let help =
      near.help.isEmpty
      ? name.text == "activation"
        ? [Diagnostic.Help("an activation is a stage of its own: `-> \(word.name)(…) -> relu`")]
        : otherOptimizers(with: name.text, word)
          ?? [
            Diagnostic.Help(word.schema.isEmpty ? "\(word.name) has no arguments" : "\(word.name)(\(word.signature))")
          ]
      : near.help
    error(.unknownArgument, "\(word.name) has no argument `\(name.text)`\(near.text)", at: name.span, frame, help: help)
    if near.word == nil { bound.unknownCount += 1 }
    guard let meant = word.schema.first(where: { $0.name == near.word }) else { return nil }
    positional.removeAll { $0.name == meant.name }
    return meant
  }

  /// The value of an argument of some kind; nil after a mistake, which is reported with `what`: "`stride` of conv".
  func value(
    _ flow: FlowSyntax, _ kind: ArgumentKind, _ what: String, _ frame: Frame, _ bound: inout BoundCall, _ name: String,
    in call: (word: any Word.Type, span: SourceSpan)? = nil
  ) -> ArgumentValue? {
    if let symbol = symbol(flow, kind) { return symbol }
    if kind == .text, isUnquoted(flow, frame) {
      let text = "\"\(flow.span.text)\""
      error(
        .argumentKind, "\(what) is a string: it stands in quotes", at: flow.span, frame,
        help: [.init("write `\(text)`", edits: [.init(flow.span, text)], isSure: false)])
      return nil
    }
    let choices = kind.choices
    if let call = flow.expression?.bareCall, !choices.isEmpty, frame.entry(call.text) == nil,
      scope(frame).constants[call.text] == nil
    {
      let near = suggestion(for: call, among: choices)
      error(
        .argumentKind, "\(what) must be \(kind), got `\(call.text)`\(near.text)", at: call.span, frame, help: near.help)
      return near.word.map { .text($0) }
    }
    if kind == .initializer {
      guard initializer(flow, WeightFans(fanIn: 1, fanOut: 1), frame) != nil else { return nil }
      return .initializer { [unowned self] fans in initializer(flow, fans, frame) }
    }
    let meaning = evaluate(flow, frame)
    if case .tensor(let tensor) = meaning {
      bound.tensors[name] = tensor
      bound.given.append(tensor)
      if tensor.tensor == nil { return nil }
    }
    if meaning.isUnknown { return nil }
    if case .list(let list) = meaning, !compute(list.count, at: flow.span, frame) { return nil }
    if let value = match(meaning, kind) { return value }
    if case .list(let list) = meaning,
      let large = list.elements.lazy.compactMap(\.whole).first(where: { $0 > Elaborator.largestArgument })
    {
      error(.argumentValue, "\(what) is too large: \(large); the limit is 2^30", at: flow.span, frame)
      return nil
    }
    if case .number(let number) = meaning, kind.takesWholes {
      guard let whole = number.whole else {
        let rounded = notWhole(number, what, at: flow.span, frame, notes: origins(of: flow, frame))
        if rounded == nil, let expression = flow.expression { blame(expression, frame) }
        return rounded.flatMap { match(.number(.integer($0)), kind) }
      }
      if whole > Elaborator.largestArgument {
        error(.argumentValue, "\(what) is too large: \(whole); the limit is 2^30", at: flow.span, frame)
        return nil
      }
    }
    if case .span(let span) = meaning, kind == .span {
      error(.argumentValue, "\(what) must last at least one step, got \(span)", at: flow.span, frame)
      return nil
    }
    // What is wrong with a layer's own arguments has been told.
    if case .layer(let layer) = meaning, words.layers[layer.call.path[0].text] != nil, kind.takesLayers { return nil }
    let isOutOfBounds = if case .number = meaning { kind.takesNumbers } else { false }
    var got = meaning.description
    var help = percentHelp(meaning, kind, flow.span)
    if let call, let place = placeHelp(meaning, flow, call.word, call.span) { help.append(place) }
    if case .list(let elements) = meaning, kind == .tensor, case .list(let list)? = flow.expression, elements.count > 1
    {
      let text = list.elements.map(\.span.text).joined(separator: ", ")
      help.append(.init("without [ ]: `\(text)`", edits: [.init(flow.span, text)], isSure: false))
    }
    var meant: ArgumentValue?
    if !help.isEmpty, case .number(let number) = meaning { meant = .number(number.double / 100) }
    if let range = rangeHelp(flow, kind) { help = [range] }
    if case .text(let text) = meaning, kind.takesNumbers, Double(text) != nil {
      help = [.init("numbers stand without quotes: `\(text)`", edits: [.init(flow.span, text)], isSure: false)]
    }
    if case .text(let text) = meaning, let near = closestSpelling(of: text, among: choices) {
      got += "; did you mean `\(near)`?"
      help = [.init("write `\"\(near)\"`", edits: [.init(flow.span, "\"\(near)\"")], isSure: isSlip(text, for: near))]
      meant = .text(near)
    }
    error(
      isOutOfBounds ? .argumentValue : .argumentKind, "\(what) must be \(kind), got \(got)",
      at: flow.span, frame, notes: origins(of: flow, frame), help: help)
    if let meant { return meant }
    if let expression = flow.expression { blame(expression, frame) }
    return nil
  }

  /// The largest whole number that an argument of a word may be.
  static let largestArgument = 1 << 30

  /// Bare words that stand for themselves: choices, names, and lists of them.
  private func symbol(_ flow: FlowSyntax, _ kind: ArgumentKind) -> ArgumentValue? {
    guard let expression = flow.expression else { return nil }
    switch kind {
    case .choice(let choices):
      if let name = expression.bareCall?.text, choices.contains(name) { return .text(name) }
      return nil
    case .name:
      if case .call(let call) = expression, call.arguments == nil { return .text(call.pathText) }
      return nil
    case .list(let element, let count):
      guard case .list(let list) = expression, count.contains(list.elements.count), !list.elements.isEmpty else {
        return nil
      }
      let values = list.elements.map { symbol($0, element) ?? literal($0, element) }
      return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
    case .either(let kinds):
      for kind in kinds { if let value = symbol(flow, kind) { return value } }
      return nil
    default: return nil
    }
  }

  /// Strings and positions between bare names.
  private func literal(_ flow: FlowSyntax, _ kind: ArgumentKind) -> ArgumentValue? {
    guard case .name(let numbers) = kind, let expression = flow.expression else { return nil }
    if case .string(let string) = expression { return .text(string.value) }
    if numbers, case .number(let number) = expression, case .integer(let whole) = number.value, whole >= 0 {
      return .whole(whole)
    }
    return nil
  }

  /// The value as an argument of a kind; nil where it does not fit.
  private func match(_ meaning: Meaning, _ kind: ArgumentKind) -> ArgumentValue? {
    switch (kind, meaning) {
    case (.whole(let minimum), .number(let number)):
      guard let whole = number.whole, whole >= minimum, whole <= Elaborator.largestArgument else { return nil }
      return .whole(whole)
    case (.number(let bounds), .number(let number)):
      return bounds.contains(number.double) ? number.whole.map(ArgumentValue.whole) ?? .number(number.double) : nil
    case (.flag, .flag(let flag)): return .flag(flag)
    case (.text, .text(let text)), (.name, .text(let text)): return .text(text)
    case (.name(true), .number(let number)):
      guard let whole = number.whole, whole >= 0 else { return nil }
      return .whole(whole)
    case (.choice(let choices), .text(let text)): return choices.contains(text) ? .text(text) : nil
    case (.span, .span(let span)): return span.isPositive ? .span(span) : nil
    case (.span, .number(let number)): return number.double >= 1 ? .span(.steps(number.double)) : nil
    case (.tensor, .tensor(let tensor)): return tensor.tensor.map(ArgumentValue.tensor)
    case (.layer, .layer(let layer)): return declared(layer).map(ArgumentValue.layer)
    case (.none, .none): return ArgumentValue.none
    case (.list(let element, let count), .list(let list)):
      guard count.contains(list.count) else { return nil }
      let values = list.elements.compactMap { match($0, element) }
      return values.count == list.count ? .list(values) : nil
    case (.either(let kinds), _):
      for kind in kinds { if let value = match(meaning, kind) { return value } }
      return nil
    default: return nil
    }
  }

  /// Reports a number with a fraction; gives what it is without where the whole division was meant.
  func notWhole(
    _ number: Number, _ what: String, at span: SourceSpan, _ frame: Frame?, notes: [Diagnostic.Note] = []
  ) -> Int? {
    let got = span.text == number.description ? "got \(number)" : "`\(shortened(span))` is \(number)"
    error(
      .size, "\(what) must be a whole number, \(got)", at: span, frame, notes: notes,
      help: roundingHelp(span))
    return roundingHelp(span).isEmpty ? nil : (try? Number.floor(number))?.whole
  }

  /// The whole division for the one that is written.
  private func roundingHelp(_ span: SourceSpan) -> [Diagnostic.Help] {
    let slashes = (span.start..<span.end).filter { span.file.bytes[$0] == UInt8(ascii: "/") }
    guard slashes.count == 1, let slash = slashes.first else { return [] }
    let mark = span.file.span(slash, slash + 1)
    return [.init("`//` divides and rounds down", edits: [.init(mark, "//")], isSure: false)]
  }

  /// `1 positional argument`, `2 positional arguments`.
  func count(_ number: Int, _ noun: String) -> String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}
