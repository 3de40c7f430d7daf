import Source
import Syntax
import Vocabulary

// What is said of settings that are not what was expected.
extension Elaborator {
  /// The text of a setting, or of the option that set it.
  func line(of entry: SettingTable.Entry) -> SourceSpan {
    entry.place.file == entry.flow.span.file ? entry.place.extended(to: entry.flow.span) : entry.flow.span
  }

  /// The edit that takes a setting out with its line; none where it does not stand in the file.
  func removingLine(of entry: SettingTable.Entry) -> [Diagnostic.Edit] {
    let file = entry.place.file
    guard file == program.file, entry.place != entry.flow.span else { return [] }
    let start = file.lineStarts[entry.place.line - 1]
    let end =
      entry.flow.span.lastLine < file.lineStarts.count ? file.lineStarts[entry.flow.span.lastLine] : file.bytes.count
    return [.init(file.span(start, end), "")]
  }

  /// The edit that adds a line below a setting.
  func addingLine(_ text: String, after entry: SettingTable.Entry) -> [Diagnostic.Edit] {
    let file = entry.place.file
    guard file == program.file, entry.place != entry.flow.span else { return [] }
    let range = file.lineRange(entry.flow.span.lastLine)
    let start = file.lineRange(entry.place.line).lowerBound
    let indentation = file.span(start, entry.place.start).text
    guard indentation.allSatisfy({ $0 == " " || $0 == "\t" }) else { return [] }
    return [.init(file.span(range.upperBound, range.upperBound), "\n" + indentation + text)]
  }

  /// A word of a catalogue that was written as a string.
  func quotedHelp(_ meaning: Meaning, _ known: Set<String>) -> Diagnostic.Help? {
    guard case .text(let text) = meaning else { return nil }
    let word = known.contains(text) ? text : closestSpelling(of: text, among: known.sorted(), synonyms: lossSynonyms)
    return word.map { name in
      guard words.losses[name] != nil, let outputs = net?.body, let train else {
        return .init("words stand without quotes: `\(name)(…)`")
      }
      let first = outputs.lazy.compactMap { if case .output(let node) = $0 { node.name.text } else { nil } }.first
      let second = train.body.lazy.compactMap { if case .target(let node) = $0 { node.name.text } else { nil } }.first
      return .init("words stand without quotes: `\(name)(\(first ?? "…"), \(second ?? "…"))`")
    }
  }

  /// What is said of an expression that is none of the words of a catalogue.
  func noWord<W>(
    _ expression: ExpressionSyntax, _ catalogue: [String: W], _ kind: String, _ code: DiagnosticCode, _ frame: Frame
  ) {
    let article = "aeio".contains(kind.first ?? "x") ? "an" : "a"
    var help: [Diagnostic.Help] = []
    if case .string(let string) = expression, let word = catalogue[string.value] as? any Word.Type {
      let isComplete = !word.schema.contains { $0.presence == .required }
      let text = isComplete ? word.name : "\(word.name)(\(word.signature))"
      help = [
        .init("words stand without quotes: `\(text)`", edits: isComplete ? [.init(expression.span, word.name)] : [])
      ]
    } else if case .list(let list) = expression, kind == "schedule", list.elements.count > 1 {
      let text = list.elements.map(\.span.text).joined(separator: " -> ")
      help = [.init("schedules follow one another with `->`: `\(text)`", edits: [.init(expression.span, text)])]
    } else {
      help = expectedHelp(expression, catalogue, kind)
    }
    error(
      code, "\(article) \(kind) is expected, got `\(shortened(expression.span))`", at: expression.span, frame,
      help: help)
  }

  /// What is written instead of an expression that is no word.
  private func expectedHelp<W>(
    _ expression: ExpressionSyntax, _ catalogue: [String: W], _ kind: String
  ) -> [Diagnostic.Help] {
    if let only = catalogue.values.first as? any Word.Type, catalogue.count == 1 {
      guard only.schema.first?.kind == .span else { return [.init("write `\(only.name)(\(only.signature))`")] }
      guard case .number(let number) = expression else { return [.init("such as `\(only.name)(5 epochs)`")] }
      let unit = number.unit != nil ? "" : number.doubleValue == 1 ? " epoch" : " epochs"
      let call = "\(only.name)(\(expression.span.text)\(unit))"
      return [.init("write `\(call)`", edits: [.init(expression.span, call)], isSure: false)]
    }
    if kind == "schedule", let flow = addedSchedules(expression) {
      return [
        .init("schedules follow one another with `->`: `\(flow)`", edits: [.init(expression.span, flow)], isSure: false)
      ]
    }
    let known = Diagnostic.Help("there are \(listed(catalogue))")
    guard kind == "schedule", case .number = expression else { return [known] }
    return [.init("the rate itself belongs to the optimizer: `adam(lr=\(expression.span.text))`"), known]
  }

  /// `warmup(5 epochs) + cosine` as a flow; nil for others.
  private func addedSchedules(_ expression: ExpressionSyntax) -> String? {
    switch expression {
    case .call(let call): return words.schedules[call.path[0].text] == nil ? nil : call.span.text
    case .binary(let node) where node.operator == .add:
      guard let left = addedSchedules(node.left), let right = addedSchedules(node.right) else { return nil }
      return "\(left) -> \(right)"
    default: return nil
    }
  }

  /// What is meant by a text or a calculation where a source of data stands.
  func sourceHelp(_ flow: FlowSyntax, _ tensors: [String]) -> Diagnostic.Help? {
    switch flow.expression {
    case .string(let string)?:
      let ending = string.value.split(separator: ".").last.map(String.init) ?? ""
      let columns = tensors.map { ", \($0)=…" }.joined()
      let path = flow.span.text
      switch ending {
      case "csv", "tsv": return .init("a table is read by `\(ending)(\(path)\(columns))`")
      case "txt": return .init("a long text is read by `text(\(path))`, a column of texts by `csv` or `tsv`")
      case "safetensors": return .init("tensors are read by `tensors(\(path))`")
      default: return .init("a folder of pictures is read by `image_folder(\(path))`")
      }
    case .binary(let node)?:
      guard case .call(let call) = node.left, words.sources[call.path[0].text] != nil,
        node.operator == .divide || node.operator == .multiply
      else { return nil }
      let factor = node.operator == .divide ? "1 / \(node.right.span.text)" : node.right.span.text
      let text = "\(call.span.text) -> scale(\(factor))"
      return .init("write `\(text)`", edits: [.init(flow.span, text)], isSure: false)
    default: return nil
    }
  }

  private func listed<W>(_ catalogue: [String: W]) -> String {
    catalogue.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Reports a word that is not in the catalogue of its place; gives the one that is offered, with which the checker goes on.
  func unknownWord<W>(
    _ call: CallSyntax, _ catalogue: [String: W], _ kind: String, _ code: DiagnosticCode, _ frame: Frame
  ) -> String? {
    let near = suggestion(for: call.path[0], among: Array(catalogue.keys), synonyms: settingWordSynonyms)
    var help = near.help
    let name = call.path[0].text
    if kind == "transform of data", name.lowercased().filter({ $0 != "_" }) == "totensor" {
      help = [
        .init(
          "the numbers of a picture are 0 to 255: `scale(1 / 255)` brings them to 0 to 1",
          edits: [.init(call.span, "scale(1 / 255)")], isSure: false)
      ]
    } else if kind == "transform of data", name == "shuffle" {
      help = [.init("training examples are shuffled anew in each epoch: leave it out")]
    } else if kind == "metric", name == "loss" {
      help = [.init("the loss is always told: leave it out")]
    } else if kind == "source of data", name == "data" {
      let text = "split(data, 0.2)"
      help = [
        .init("`\(text)` takes a share of it away", edits: [.init(call.span, text)], isSure: false)
      ]
    } else if kind == "source of data", words.transforms[name] != nil {
      let source = name == "words" || name == "chars" ? "csv(…)" : "image_folder(…)"
      help = [.init("`\(name)` changes what a source gives: `\(source) -> \(shortened(call.span))`")]
    } else if words.layers[name] != nil {
      help = [.init("`\(name)` is a layer: layers stand in the net")]
    } else if help.isEmpty {
      let alike = catalogue.filter { $0.key.hasPrefix(name) }
      help = kind == "source of data" ? knownSetHelp(name) : []
      help += [.init("\(catalogue.count == 1 ? "there is" : "there are") \(listed(alike.isEmpty ? catalogue : alike))")]
    }
    // What would lack its arguments is said, and not offered.
    if let word = near.word.flatMap({ catalogue[$0] as? any Word.Type }), call.arguments == nil,
      let needed = word.schema.first(where: { $0.presence == .required })
    {
      let digits = String(name.reversed().prefix(while: \.isNumber).reversed())
      let text = digits.isEmpty ? "\(word.name)(\(needed.name)=…)" : "\(word.name)(\(digits))"
      help = [
        .init("write `\(text)`", edits: digits.isEmpty ? [] : [.init(call.path[0].span, text)], isSure: false)
      ]
    }
    error(code, "there is no \(kind) `\(call.pathText)`\(near.text)", at: call.path[0].span, frame, help: help)
    let isOffered = help == near.help && help.contains { !$0.edits.isEmpty }
    return isOffered && call.path.count == 1 ? near.word : nil
  }

  /// A share of the data where a validation stands: `validation = 0.2`. `name` is what stands before it, to be replaced; nil for other
  /// values.
  func splitHelp(_ flow: FlowSyntax, after name: SourceSpan? = nil) -> Diagnostic.Help? {
    guard case .number(let number)? = flow.expression, number.unit == nil, number.doubleValue > 0,
      number.doubleValue < 1
    else { return nil }
    let text = "split(data, \(flow.span.text))"
    let edits = [name.map { Diagnostic.Edit($0, "validation") }, .init(flow.span, text)].compactMap { $0 }
    return .init("write `validation = \(text)`: it takes that share away from `data`", edits: edits)
  }

  /// The word of the section's optimizer, or the simplest one.
  private var optimizerWord: String {
    for case .setting(let node) in train?.body ?? [] where node.name.text == SettingName.optimizer.rawValue {
      if case .call(let call) = node.value.head, words.optimizers[call.path[0].text] != nil { return call.path[0].text }
    }
    return SGDOptimizer.name
  }

  /// A setting that does not exist, and is no slip for one.
  func settingAdvice(_ node: BindingSyntax) -> Diagnostic.Help {
    let value = shortened(node.value.span)
    if let twice = givenTwice(node) { return twice }
    switch node.name.text.lowercased().filter({ $0 != "_" }) {
    case "lr", "learningrate":
      return .init("the learning rate belongs to the optimizer: `optimizer = \(optimizerWord)(lr=\(value))`")
    case "momentum", "weightdecay", "betas", "nesterov":
      return .init(
        "`\(node.name.text)` belongs to the optimizer: `optimizer = sgd(lr=0.1, \(node.name.text)=\(value))`")
    case "shuffle": return .init("training examples are shuffled anew in each epoch; nothing has to be said")
    case "device", "gpu", "cuda": return .init("netc trains on the processor; nothing has to be said")
    default: break
    }
    if !node.value.stages.isEmpty { return .init("what computes stands in a `net`; `train` has settings only") }
    return .init("the settings are " + SettingName.allCases.map(\.rawValue).joined(separator: ", "))
  }

  /// A type of a whole batch instead of one example, as the number of columns shows.
  private func batchHelp(_ name: String, _ type: ExampleType, _ columns: Int) -> [Diagnostic.Help] {
    let example = ExampleType(type.element, Array(type.shape.dropFirst()))
    guard type.rank > 1, example.count == columns else { return [] }
    describesBatch = true
    return [.init("a type describes one example, without the batch: `\(name): \(example)`")]
  }

  /// Warns about a column that is an input and a target: the net is told what it should find out.
  func warnOfLeaks(_ bound: BoundCall, _ frame: Frame) {
    func columns(_ value: ArgumentValue) -> [ArgumentValue] {
      if case .list(let list) = value { list } else { [value] }
    }
    func text(_ value: ArgumentValue) -> String? { value.text ?? value.whole.map(String.init) }
    let inputs = bound.arguments.namedTensors.filter { tensor in inputTypes.contains { $0.name == tensor.name } }
    for target in bound.arguments.namedTensors where !inputs.contains(where: { $0.name == target.name }) {
      let wanted = columns(target.value).compactMap(text)
      for input in inputs {
        let given = columns(input.value).compactMap(text)
        guard given != wanted, let shared = wanted.first(where: given.contains), let place = bound.spans[input.name]
        else {
          continue
        }
        warn(
          .targetAmongInputs, "the column `\(shared)` of the target `\(target.name)` is also one of `\(input.name)`",
          at: place, frame,
          secondary: bound.spans[target.name].map { [.init($0, "the target")] } ?? [],
          help: [.init("leave it out of `\(input.name)`: the net would be told what it should find out")])
      }
    }
  }

  /// Data whose columns are counted: as many as the tensor has numbers.
  func checkColumns(_ bound: BoundCall, _ place: SourceSpan, _ frame: Frame) -> Bool {
    var isRight = true
    for (name, value) in bound.arguments.namedTensors {
      guard case .tensor(let meaning)? = frame.entry(name)?.meaning, let type = meaning.tensor?.type else { continue }
      if let place = meaning.chain?.place,
        blamedColumns.contains(place) || blamedInputs.contains(place) || isOneHot(type, at: place)
      {
        continue
      }
      let columns = if case .list(let list) = value { list.count } else { 1 }
      // A text in one column becomes a sequence.
      let isText = if case .index = type.element { columns == 1 } else { false }
      guard columns != type.count, !isText else { continue }
      error(
        .dataNames, "`\(name)` is \(type), which takes \(count(type.count, "column")), gets \(columns)",
        at: bound.spans[name] ?? place, frame,
        secondary: (meaning.chain?.place).map { [.init($0, "declared here")] } ?? [],
        help: batchHelp(name, type, columns) + columnsHelp(name, type, value, bound, columns))
      isRight = false
    }
    return isRight
  }

  /// Whether the target declared at `place` is one-hot for a loss that takes the number of a class: that is told where the loss stands.
  private func isOneHot(_ type: ExampleType, at place: SourceSpan) -> Bool {
    guard type.element == .float32, type.rank == 1, let target = target({ $0.name.span == place }) else { return false }
    return scores(comparedWith: target.name.text) != nil
  }

  /// The target of the section for which `isMeant` holds.
  func target(_ isMeant: (TargetSyntax) -> Bool) -> TargetSyntax? {
    for case .target(let node) in train?.body ?? [] where isMeant(node) { return node }
    return nil
  }

  /// The name of the scores that a `cross_entropy` of the loss compares with a target.
  func scores(comparedWith target: String) -> String? {
    func search(_ expression: ExpressionSyntax) -> String? {
      switch expression {
      case .binary(let node): return search(node.left) ?? search(node.right)
      case .call(let call):
        guard call.path[0].text == CrossEntropyLoss.name, let arguments = call.arguments?.arguments,
          arguments.count >= 2, arguments[1].value.expression?.bareCall?.text == target
        else { return nil }
        return arguments[0].value.expression?.bareCall?.text
      default: return nil
      }
    }
    for case .setting(let setting) in train?.body ?? [] where setting.name.text == SettingName.loss.rawValue {
      return search(setting.value.head)
    }
    return nil
  }

  /// Several columns in one text: `"0-3"`, `"a, b, c"`.
  private func columnsHelp(
    _ name: String, _ type: ExampleType, _ value: ArgumentValue, _ bound: BoundCall, _ columns: Int
  ) -> [Diagnostic.Help] {
    let several = columns == 1 && type.count > 1 && type.rank == 1
    let general = several ? [Diagnostic.Help("several columns stand in a list: `\(name)=[…]`")] : []
    guard case .text(let text) = value, type.count > 1, type.count <= 100 else { return general }
    let titles = text.split(separator: ",").map { $0.filter { $0 != " " } }
    var list: String?
    if titles.count == type.count {
      list = titles.map { title in title.allSatisfy(\.isNumber) ? title : "\"\(title)\"" }.joined(separator: ", ")
    } else {
      let ends = text.split { !$0.isNumber }.compactMap { Int($0) }
      if ends.count == 2, ends[0] <= ends[1], ends[1] - ends[0] < 1000 {
        let last = ends[1] - ends[0] + 1 == type.count ? ends[1] : ends[1] - 1
        if last - ends[0] + 1 == type.count { list = (ends[0]...last).map(String.init).joined(separator: ", ") }
      }
    }
    guard let list else { return general }
    let argument = "\(name)=[\(list)]"
    return [
      .init(
        "columns stand one by one in a list: `\(argument.count > 60 ? "\(name)=[…]" : argument)`",
        edits: bound.spans[name].map { [.init($0, argument)] } ?? [], isSure: false)
    ]
  }
}

extension String {
  /// The offsets in UTF-8 at which `text` stands first.
  func range(of text: String) -> Range<Int>? {
    let (bytes, other) = (Array(utf8), Array(text.utf8))
    guard !other.isEmpty, bytes.count >= other.count else { return nil }
    for start in 0...(bytes.count - other.count) where Array(bytes[start..<(start + other.count)]) == other {
      return start..<(start + other.count)
    }
    return nil
  }
}
