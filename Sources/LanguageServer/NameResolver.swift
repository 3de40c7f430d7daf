import Source
import Syntax
import Vocabulary

/// Walks over a file and finds what each name stands for. Follows the rules of the elaborator without evaluating anything.
struct NameResolver {
  var table = NameTable()
  /// What can be named here, innermost last.
  var names: [[String: Symbol]] = []
  var labels: [String: Symbol] = [:]
  /// The inputs and targets that named arguments of data may be called by.
  var tensors: [String: Symbol] = [:]
  var owner: NetSyntax?

  /// The names of `tree`; `imported` gives the trees of the files that it imports.
  static func table(of tree: FileSyntax, imported: (String) -> FileSyntax?) -> NameTable {
    var resolver = NameResolver()
    for declaration in tree.declarations {
      guard case .import(let node) = declaration, let file = imported(node.path.value) else { continue }
      resolver.declare(file, isOwn: false)
    }
    resolver.declare(tree, isOwn: true)
    for declaration in tree.declarations { resolver.resolve(declaration) }
    resolver.table.occurrences.sort { $0.span.start < $1.span.start }
    return resolver.table
  }

  private mutating func declare(_ file: FileSyntax, isOwn: Bool) {
    for declaration in file.declarations {
      let symbol: Symbol
      switch declaration {
      case .const(let node): symbol = Symbol(kind: .constant, name: node.name.text, declaration: node.name.span)
      case .net(let node):
        symbol = Symbol(kind: node.kind == .net ? .net : .block, name: node.name.text, declaration: node.name.span)
        if isOwn || table.nets[node.name.text] == nil { table.nets[node.name.text] = node }
      case .import, .train: continue
      }
      if symbol.name.isEmpty { continue }
      table.declared[symbol.name] = symbol
      if isOwn { note(symbol.declaration, symbol) }
    }
  }

  private mutating func resolve(_ declaration: DeclarationSyntax) {
    switch declaration {
    case .import: return
    case .const(let node): resolve(node.value)
    case .net(let node):
      enter(node)
      for parameter in node.parameters {
        if let value = parameter.defaultValue { resolve(value) }
      }
      for statement in node.body { resolve(statement) }
      leave(node.span)
    case .train(let node): resolve(node)
    }
  }

  // MARK: Scopes

  /// Makes the names of a body readable: parameters, what its statements declare, labels.
  private mutating func enter(_ net: NetSyntax, isNoting: Bool = true) {
    owner = net
    names.append([:])
    labels = [:]
    tensors = [:]
    let first = table.occurrences.count
    for parameter in net.parameters { declare(parameter.name, .parameter) }
    for statement in net.body {
      switch statement {
      case .input(let node):
        for dimension in node.type.dimensions ?? [] {
          guard let name = dimension.bareName, lookUp(name.text) == nil else { continue }
          declare(name, .dimension)
        }
        declare(node.name, .input)
        tensors[node.name.text] = lookUp(node.name.text)
      case .output(let node): declare(node.name, .output)
      case .layer(let node): declare(node.name, .layer)
      case .binding(let node): declare(node.name, .binding)
      case .assert: continue
      }
    }
    for (name, span) in LabelCollector.labels(of: net) {
      let symbol = Symbol(kind: .label, name: name, declaration: span, owner: net)
      labels[name] = symbol
      note(span, symbol)
    }
    if !isNoting { table.occurrences.removeSubrange(first...) }
  }

  private mutating func leave(_ span: SourceSpan) {
    let symbols = names.flatMap(\.values) + table.declared.values.filter { $0.kind == .constant }
    table.scopes.append(NameTable.Scope(span: span, symbols: symbols))
    names.removeLast()
    owner = nil
    labels = [:]
    tensors = [:]
  }

  mutating func declare(_ name: NameSyntax, _ kind: Symbol.Kind) {
    if name.isMissing || names.isEmpty { return }
    let symbol = Symbol(kind: kind, name: name.text, declaration: name.span, owner: owner)
    if names[names.count - 1][name.text] == nil { names[names.count - 1][name.text] = symbol }
    note(name.span, symbol)
  }

  func lookUp(_ name: String) -> Symbol? {
    for scope in names.reversed() {
      if let symbol = scope[name] { return symbol }
    }
    return table.declared[name].flatMap { $0.kind == .constant ? $0 : nil }
  }

  mutating func note(_ span: SourceSpan, _ symbol: Symbol?) {
    guard let symbol, !span.text.isEmpty else { return }
    table.occurrences.append(NameTable.Occurrence(span: span, symbol: symbol))
  }

  // MARK: Statements

  private mutating func resolve(_ statement: StatementSyntax) {
    switch statement {
    case .input(let node): resolve(node.type)
    case .output(let node):
      if let type = node.type { resolve(type) }
      resolve(node.value)
    case .layer(let node): resolveStage(node.call, stage: nil)
    case .assert(let node): resolve(node.condition)
    case .binding(let node): resolve(node.value)
    }
  }

  mutating func resolve(_ type: TypeSyntax) {
    if let argument = type.argument { resolve(argument) }
    for dimension in type.dimensions ?? [] {
      // The declaration of a dimension is noted already.
      if let name = dimension.bareName, lookUp(name.text)?.declaration == name.span { continue }
      resolve(dimension)
    }
  }

  private mutating func resolve(_ train: TrainSyntax) {
    note(train.net.span, table.declared[train.net.text])
    let net = table.nets[train.net.text]
    for argument in train.arguments?.arguments ?? [] {
      if let name = argument.name { note(name.span, net.flatMap { Self.parameter(name.text, of: $0) }) }
      resolve(argument.value)
    }
    if let net {
      enter(net, isNoting: false)
    } else {
      names.append([:])
    }
    owner = net
    for case .target(let node) in train.body {
      declare(node.name, .target)
      tensors[node.name.text] = lookUp(node.name.text)
    }
    for statement in train.body {
      switch statement {
      case .target(let node): resolve(node.type)
      case .setting(let node):
        table.settings.append(node.name.span)
        resolve(node.value, in: WordContext.setting(node.name.text))
      }
    }
    leave(train.span)
  }

  /// A parameter or further input of a net, as its callers name it.
  static func parameter(_ name: String, of net: NetSyntax) -> Symbol? {
    if let parameter = net.parameters.first(where: { $0.name.text == name }) {
      return Symbol(kind: .parameter, name: name, declaration: parameter.name.span, owner: net)
    }
    for case .input(let input) in net.body where input.name.text == name {
      return Symbol(kind: .input, name: name, declaration: input.name.span, owner: net)
    }
    return nil
  }
}

extension ExpressionSyntax {
  /// The name, when the expression is nothing else.
  var bareName: NameSyntax? { if case .call(let call) = self { call.bareName } else { nil } }
}
