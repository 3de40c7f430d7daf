import Semantics
import Source
import Syntax
import Vocabulary

extension Workspace {
  /// What can be written at the cursor. The editor filters it by what has been typed.
  func completions(at cursor: Cursor) -> JSON {
    let context = CompletionContext(cursor.document.file, cursor.analysis.tree, at: cursor.offset)
    var list = CompletionList()
    let analysis = cursor.analysis
    switch context.expected {
    case .nothing: break
    case .importPath(let written): addPaths(written, cursor, &list)
    case .declaration: list.add(keywords: [.net, .block, .train, .const, .import])
    case .statement:
      list.add(keywords: [.input, .output, .layer, .assert])
    case .setting:
      list.add(keywords: [.target])
      let given = Self.settings(of: analysis.declaration(around: cursor.offset))
      for setting in SettingName.allCases where !given.contains(setting.rawValue) {
        list.add(
          setting.rawValue, .property, insert: "\(setting.rawValue) = ", documentation: setting.documentation)
      }
    case .type:
      for type in TypeSyntax.elements { list.add(type, .type) }
    case .net:
      for symbol in analysis.names.declared.values where symbol.kind == .net { list.add(symbol, analysis) }
    case .stage(let words):
      for word in words.stages { list.add(word) }
      guard words == .net else { break }
      list.add(keywords: [.repeat, .for, .if])
      for symbol in analysis.names.declared.values where symbol.kind == .block { list.add(symbol, analysis) }
      for symbol in names(at: cursor) where symbol.kind == .layer { list.add(symbol, analysis) }
    case .declaredLayer:
      for word in layerCatalogue { list.add(word) }
      for word in valueCatalogue { list.add(word) }
      for symbol in analysis.names.declared.values where symbol.kind == .block { list.add(symbol, analysis) }
    case .unit: for unit in ["epochs", "steps"] { list.add(unit, .value) }
    case .member(let name): addMembers(of: name, cursor, &list)
    case .argument(let call, let given, let positional):
      addArguments(of: call, given, positional, context, cursor, &list)
      addValues(context.words, cursor, &list)
    case .argumentValue(let call, let argument):
      if let schema = context.words.word(call)?.schema.first(where: { $0.name == argument }) {
        for choice in schema.kind.choices { list.add(choice, .value) }
        if schema.kind == .initializer { for word in initializerCatalogue { list.add(word) } }
        if ["on", "best"].contains(argument) {
          for name in Self.watched(analysis.declaration(around: cursor.offset)) { list.add(name, .value) }
        }
      }
      addValues(context.words, cursor, &list)
    case .value(let words):
      for word in words.heads { list.add(word) }
      addValues(words, cursor, &list)
    }
    return .object([("isIncomplete", .bool(false)), ("items", .array(list.items))])
  }

  /// The `.net` files and folders that the path of an import may go on with.
  private func addPaths(_ written: String, _ cursor: Cursor, _ list: inout CompletionList) {
    let folder = written.lastIndex(of: "/").map { String(written[...$0]) } ?? ""
    let path = files.resolve(folder.isEmpty ? "." : folder, cursor.document.path)
    let place = cursor.document.file.span(cursor.offset - (written.utf8.count - folder.utf8.count), cursor.offset)
    let (names, folders) = files.contents(path.isEmpty ? "." : path)
    for name in names where files.resolve(folder + name, cursor.document.path) != cursor.document.path {
      list.add(path: name, .file, in: place)
    }
    for name in folders { list.add(path: name + "/", .folder, in: place) }
  }

  /// The further outputs of a labelled block, or the other uses of a declared layer.
  private func addMembers(of name: String, _ cursor: Cursor, _ list: inout CompletionList) {
    for symbol in names(at: cursor) where symbol.kind == .layer && symbol.name == name {
      guard let word = symbol.tiedWord else { continue }
      for use in word.uses { list.add(use, .function, documentation: word.documentation(ofUse: use)) }
    }
    guard case .net(let net)? = cursor.analysis.declaration(around: cursor.offset),
      let call = LabelCollector.call(named: name, in: net), let block = cursor.analysis.names.nets[call.path[0].text]
    else { return }
    for case .output(let output) in block.body {
      list.add(output.name.text, .field, detail: output.span.text)
    }
  }

  /// The arguments of a word or block that are not given yet.
  private func addArguments(
    of call: String, _ given: Set<String>, _ positional: Int, _ context: CompletionContext, _ cursor: Cursor,
    _ list: inout CompletionList
  ) {
    if let net = cursor.analysis.names.nets[call] {
      for parameter in net.parameters.dropFirst(positional) where !given.contains(parameter.name.text) {
        list.add(parameter.name.text, .field, insert: "\(parameter.name.text)=", detail: parameter.span.text)
      }
      for case .input(let input) in net.body.dropFirst() where !given.contains(input.name.text) {
        list.add(input.name.text, .field, insert: "\(input.name.text)=", detail: input.span.text)
      }
    } else if let word = context.words.word(call) {
      let taken = Set(word.schema.filter { !$0.isNamedOnly }.prefix(positional).map(\.name))
      for argument in word.schema
      where !given.contains(argument.name) && !taken.contains(argument.name) && !argument.isRepeated {
        list.add(
          argument.name, .field, insert: "\(argument.name)=", detail: argument.kind.description,
          documentation: Documentation.line(argument))
      }
      guard word.namedTensors != nil else { return }
      for symbol in names(at: cursor) where symbol.kind == .input || symbol.kind == .target {
        list.add(symbol.name, .field, insert: "\(symbol.name)=", detail: symbol.kind.rawValue)
      }
    }
  }

  /// The names that can be read, functions and literals.
  private func addValues(_ words: WordContext, _ cursor: Cursor, _ list: inout CompletionList) {
    for symbol in names(at: cursor) where symbol.kind != .label && symbol.kind != .layer {
      if words.takesNoTensors, symbol.isTensor(cursor.analysis) { continue }
      list.add(symbol, cursor.analysis)
    }
    for function in CompileTimeFunction.allCases { list.add(function.rawValue, .function) }
    for literal in ["true", "false", "none"] { list.add(literal, .value) }
    list.add(keywords: [.if])
  }

  /// The names that can be read at the cursor: of a body those that are declared above.
  private func names(at cursor: Cursor) -> [Symbol] {
    let around = cursor.analysis.tree.declarations.last { $0.span.start <= cursor.offset }
    return readable(at: cursor).filter { symbol in
      switch around {
      case .net(let net)?:
        symbol.owner?.span != net.span || symbol.declaration.start < net.start(ofPartAt: cursor.offset)
      case .const(let node)?: symbol.declaration != node.name.span
      // The header of a section says what the parameters are; they are not known yet.
      case .train(let train)?: symbol.owner == nil || !(train.arguments?.span.touches(cursor.offset) ?? false)
      default: true
      }
    }
  }

  private func readable(at cursor: Cursor) -> [Symbol] {
    // A body that is not closed yet goes on to the cursor.
    let scope = cursor.analysis.names.scopes.last { $0.span.start <= cursor.offset }
      .flatMap { $0.span.touches(cursor.offset) || !$0.span.text.hasSuffix("}") ? $0 : nil }
    return (scope?.symbols ?? cursor.analysis.names.declared.values.filter { $0.kind == .constant })
      .sorted { $0.name < $1.name }
  }

  /// What a rule of a `train` can watch: the loss and the metrics of the validation.
  private static func watched(_ declaration: DeclarationSyntax?) -> [String] {
    var names = ["val.loss", "loss"]
    guard case .train(let train)? = declaration else { return names }
    for case .setting(let node) in train.body where node.name.text == SettingName.metrics.rawValue {
      let flows: [FlowSyntax] = if case .list(let list)? = node.value.expression { list.elements } else { [node.value] }
      for case .call(let call) in flows.map(\.head) where !call.path[0].isMissing {
        names.append("val.\(call.path[0].text)")
      }
    }
    return names
  }

  private static func settings(of declaration: DeclarationSyntax?) -> Set<String> {
    guard case .train(let train)? = declaration else { return [] }
    return Set(train.body.compactMap { if case .setting(let node) = $0 { node.name.text } else { nil } })
  }
}

extension NetSyntax {
  /// Where the parameter or statement starts that is written at `offset`.
  fileprivate func start(ofPartAt offset: Int) -> Int {
    (parameters.map(\.span) + body.map(\.span)).last { $0.start <= offset }?.start ?? span.start
  }
}

extension WordContext {
  /// Whether no tensor can be read here: of the settings, only losses and metrics compute with them.
  fileprivate var takesNoTensors: Bool {
    switch self {
    case .setting("loss"), .setting("metrics"), .net: false
    case .setting, .initializer, .constant: true
    }
  }
}

extension Symbol {
  /// Whether it stands for a tensor, as far as is known.
  fileprivate func isTensor(_ analysis: Analysis) -> Bool {
    switch kind {
    case .input, .output, .target: true
    case .binding: analysis.name(at: declaration)?.isTensor ?? true
    default: false
    }
  }
}

/// Completion items, each name once.
struct CompletionList {
  /// `CompletionItemKind` of the protocol.
  enum Kind: Int {
    case function = 3
    case field = 5
    case variable = 6
    case type = 7
    case property = 10
    case value = 12
    case keyword = 14
    case file = 17
    case folder = 19
  }

  private(set) var items: [JSON] = []
  private var seen: Set<String> = []

  mutating func add(
    _ label: String, _ kind: Kind, insert: String? = nil, detail: String? = nil, documentation: String? = nil
  ) {
    guard seen.insert(insert ?? label).inserted else { return }
    var fields: [(String, JSON)] = [("label", .string(label)), ("kind", .integer(kind.rawValue))]
    if let detail { fields.append(("detail", .string(detail))) }
    if let documentation {
      fields.append(
        ("documentation", .object([("kind", .string("markdown")), ("value", .string(documentation))])))
    }
    if let insert { fields.append(("insertText", .string(insert))) }
    items.append(.object(fields))
  }

  /// A part of a path, in the place of what is written of it.
  mutating func add(path: String, _ kind: Kind, in place: SourceSpan) {
    guard seen.insert(path).inserted else { return }
    let edit = JSON.object([("range", place.range), ("newText", .string(path))])
    items.append(
      .object([("label", .string(path)), ("kind", .integer(kind.rawValue)), ("textEdit", edit)]))
  }

  mutating func add(_ word: any Word.Type) {
    add(word.name, .function, detail: Documentation.signature(word), documentation: word.documentation)
  }

  mutating func add(_ symbol: Symbol, _ analysis: Analysis) {
    let known = analysis.name(at: symbol.declaration)?.text
    let detail = symbol.kind.rawValue + (known.map { " \($0)" } ?? "")
    add(symbol.name, symbol.kind == .net || symbol.kind == .block ? .type : .variable, detail: detail)
  }

  mutating func add(keywords: [TokenKind]) {
    for keyword in keywords { add(keyword.rawValue, .keyword, documentation: Documentation.keyword(keyword)) }
  }
}
