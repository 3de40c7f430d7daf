import Source
import Syntax
import Vocabulary

/// What may be written at a place, found from the tokens before it: the rest of the file may be anything.
struct CompletionContext {
  enum Expected: Equatable {
    /// A declaration of the file.
    case declaration
    /// A statement of a net or block.
    case statement
    /// A setting or target of `train`.
    case setting
    /// A type.
    case type
    /// The name of a net.
    case net
    /// What follows `->` or a label.
    case stage(WordContext)
    /// What `layer name:` declares.
    case declaredLayer
    /// An argument of a call, by position or name.
    /// `positional` arguments without a name stand before it.
    case argument(call: String, given: Set<String>, positional: Int)
    /// The value of an argument.
    case argumentValue(call: String, argument: String)
    case value(WordContext)
    /// The unit of a number.
    case unit
    /// What follows the dot behind a name.
    case member(of: String)
    /// The path of an import; the text of it before the cursor.
    case importPath(String)
    /// Nothing that is known beforehand: a new name, a comment.
    case nothing
  }

  var expected: Expected
  /// Where the words of a call are looked up.
  var words: WordContext = .net

  private struct Opened {
    var kind: TokenKind
    /// What stands before a `(`.
    var call: String?
    var given: Set<String> = []
    var positional = 0
    /// The name before `=` of the argument at hand.
    var argument: String?

    func expected(_ call: String) -> Expected { .argument(call: call, given: given, positional: positional) }
  }

  init(_ file: SourceFile, _ tree: FileSyntax, at offset: Int) {
    expected = .nothing
    if tree.comments.contains(where: { $0.span.start < offset && offset <= $0.span.end }) { return }
    var opened: [Opened] = []
    var body: TokenKind?
    /// The tokens of the statement so far.
    var statement: [Token] = []
    for token in tokens(of: file) {
      if token.kind == .end || token.start >= offset { break }
      if token.end >= offset, token.kind == .name || token.kind.isReserved {
        // The word that is being written is not there yet.
        if token.startsLine, opened.count <= (body == nil ? 0 : 1) { statement = [] }
        break
      }
      if token.kind == .string, token.end >= offset {
        let text = file.span(token.start, token.end).text
        let isClosed = text.utf8.count > 1 && text.hasSuffix("\"")
        if token.end == offset, isClosed { break }
        if statement.count == 1, statement[0].kind == .import {
          expected = .importPath(file.span(token.start + 1, offset).text)
        }
        return
      }
      if token.end >= offset, token.kind == .integer || token.kind == .decimal { return }
      if token.startsLine, token.kind != .arrow, opened.count <= (body == nil ? 0 : 1) { statement = [] }
      Self.track(token, &opened, &body, &statement, file)
      statement.append(token)
    }
    decide(opened, body, statement, file, Self.startsLine(file, offset))
  }

  /// Whether only blanks and the word at hand stand before `offset` on its line.
  private static func startsLine(_ file: SourceFile, _ offset: Int) -> Bool {
    var index = offset
    while index > 0, isNameByte(file.bytes[index - 1]) { index -= 1 }
    while index > 0, file.bytes[index - 1] == 0x20 || file.bytes[index - 1] == 0x09 { index -= 1 }
    return index == 0 || file.bytes[index - 1] == 0x0A || file.bytes[index - 1] == 0x0D
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  private static func track(
    _ token: Token, _ opened: inout [Opened], _ body: inout TokenKind?, _ statement: inout [Token], _ file: SourceFile
  ) {
    switch token.kind {
    case .leftParenthesis, .leftBracket, .leftBrace:
      var call: String?
      if token.kind == .leftParenthesis, let last = statement.last, last.kind == .name {
        call = file.span(last.start, last.end).text
      }
      if opened.isEmpty, token.kind == .leftBrace { body = statement.first?.kind ?? .net }
      opened.append(Opened(kind: token.kind, call: call))
      if opened.count == 1, token.kind == .leftBrace { statement = [] }
    case .rightParenthesis, .rightBracket, .rightBrace:
      if !opened.isEmpty { opened.removeLast() }
      if opened.isEmpty { body = nil }
    case .comma:
      guard let last = opened.indices.last else { return }
      if opened[last].argument == nil { opened[last].positional += 1 }
      opened[last].argument = nil
    case .assign:
      if let last = statement.last, !opened.isEmpty, opened[opened.count - 1].call != nil {
        let name = file.span(last.start, last.end).text
        opened[opened.count - 1].argument = name
        opened[opened.count - 1].given.insert(name)
      }
    default: break
    }
  }

  private mutating func decide(
    _ opened: [Opened], _ body: TokenKind?, _ statement: [Token], _ file: SourceFile, _ startsLine: Bool
  ) {
    func text(_ token: Token) -> String { file.span(token.start, token.end).text }
    let last = statement.last
    guard let body else {
      if startsLine, opened.isEmpty {
        expected = .declaration
        return
      }
      if statement.isEmpty { expected = startsLine ? .declaration : .nothing }
      if statement.count == 1, last?.kind == .train { expected = .net }
      words = .constant
      let isHeader = statement.first?.kind == .net || statement.first?.kind == .block
      if statement.first?.kind == .const && statement.count > 2 || isHeader && last?.kind == .assign {
        expected = .value(.constant)
      }
      if let call = opened.last?.call, statement.first?.kind == .train {
        expected = opened.last?.argument == nil ? opened.last?.expected(call) ?? .nothing : .value(.constant)
      }
      return
    }
    var context = WordContext.net
    if body == .train {
      let setting = statement.count > 1 && statement[1].kind == .assign ? text(statement[0]) : ""
      context = .setting(setting)
    }
    words = context
    guard let last else {
      expected = body == .train ? .setting : .statement
      return
    }
    // A line that starts anew ends the statement, unless a bracket is open.
    if startsLine, opened.count == 1, last.kind != .arrow, last.kind != .assign {
      expected = body == .train ? .setting : .statement
      return
    }
    let inner = opened.last
    switch last.kind {
    case .integer, .decimal: expected = body == .train && inner?.call != nil ? .unit : .nothing
    case .dot where statement.count > 1 && statement[statement.count - 2].kind == .name:
      expected = .member(of: text(statement[statement.count - 2]))
    case .arrow: expected = .stage(context)
    case .leftBrace: expected = .stage(context)
    case .colon: expected = Self.afterColon(statement, context)
    case .leftParenthesis, .comma:
      if let call = inner?.call {
        expected = inner?.expected(call) ?? .nothing
      } else {
        expected = .value(context)
      }
    case .assign:
      if let call = inner?.call, let argument = inner?.argument {
        expected = .argumentValue(call: call, argument: argument)
      } else {
        expected = .value(context)
      }
    case .leftBracket:
      if statement.first?.kind == .input || statement.first?.kind == .target {
        expected = .value(.constant)
      } else {
        expected = .value(context)
      }
    case .plus, .minus, .star, .slash, .doubleSlash, .percent, .doubleStar, .equal, .notEqual, .less, .lessOrEqual,
      .greater, .greaterOrEqual, .then, .else, .and, .or, .not, .in:
      expected = .value(context)
    case .if, .repeat, .assert: expected = .value(.constant)
    default: expected = .nothing
    }
  }

  /// `input x:` has a type, `layer tok:` a layer, a label a stage.
  private static func afterColon(_ statement: [Token], _ context: WordContext) -> Expected {
    guard statement.count == 3 else { return .stage(context) }
    switch statement[0].kind {
    case .input, .target, .output: return .type
    case .layer: return .declaredLayer
    default: return .stage(context)
    }
  }
}
