/// A piece of the text: its kind and its bytes.
package struct Token: Sendable {
  package let kind: TokenKind
  /// Whether a line ended between the token before and this one.
  package let startsLine: Bool
  package let start: Int
  package let end: Int
}

/// The kinds of tokens; the raw value is the spelling where there is only one.
package enum TokenKind: String, Sendable {
  /// The end of the file; always the last token, and there only.
  case end = "end of file"
  /// What the parser sees before a token that starts a line, where lines count. The lexer makes none.
  case newline = "end of line"
  /// What the parser sees after a mistake until it has found its footing. The lexer makes none.
  case recovering = "recovering"
  /// Something that has been reported.
  case invalid = "invalid"

  case name = "name"
  case integer = "integer"
  case decimal = "decimal"
  case string = "string"

  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case dot = "."
  case assign = "="
  case arrow = "->"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case doubleStar = "**"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  case net, block, train, const, `import`
  case input, output, layer, assert, target
  case `repeat`, `for`, `in`, `if`, then, `else`
  case and, or, not, `true`, `false`, none

  /// The reserved words.
  package static let words: [String: TokenKind] = {
    let words: [TokenKind] = [
      .net, .block, .train, .const, .import, .input, .output, .layer, .assert, .target, .repeat, .for, .in, .if, .then,
      .else, .and, .or, .not, .true, .false, .none,
    ]
    return Dictionary(uniqueKeysWithValues: words.map { ($0.rawValue, $0) })
  }()

  /// Whether the token is a word that cannot be a name.
  package var isReserved: Bool { Self.words[rawValue] != nil }

  /// Whether the word begins a declaration of a file.
  var beginsDeclaration: Bool {
    switch self {
    case .net, .block, .train, .const, .import: true
    default: false
    }
  }

  /// Whether the word begins a statement of a body.
  var beginsStatement: Bool {
    switch self {
    case .input, .output, .layer, .assert, .target: true
    default: false
    }
  }

  /// The bracket that closes this one.
  var closer: TokenKind? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }
}
