import Source

/// Cuts a file into tokens. Linear in the bytes; every mistake is reported once and leaves a token that can stand for it.
struct Lexer {
  let file: SourceFile
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var tokens: ContiguousArray<Token> = []
  var comments: [CommentSyntax] = []
  var blankLines: [Int] = []
  var mistakes = Mistakes()
  /// Whether a control character was reported; one report per file is enough.
  var reportedControl = false
  /// The names that were reported; each is reported once.
  var reportedNames: Set<String> = []
  /// The names that hold characters that nobody sees, without these, by their offsets.
  var plainNames: [Int: String] = [:]
  /// The last mark in place of `->` that was told: its spelling, its last line, the number of the mistake, and how many it is about.
  var arrowMend: (spelling: String, line: Int, number: Int, count: Int)?
  /// The last line with a `|`, and whether that joins stages.
  var lineOfBars: (line: Int, isPipe: Bool)?
  private var startsLine = true
  private var lineIsBlank = true
  private var line = 1

  /// What a file consists of.
  struct Output {
    /// The tokens, `end` last.
    let tokens: ContiguousArray<Token>
    let comments: [CommentSyntax]
    let blankLines: [Int]
    let mistakes: Mistakes
    /// The names that hold characters that nobody sees, without these, by their offsets.
    let plainNames: [Int: String]
  }

  /// The tokens of `file`.
  static func tokens(of file: SourceFile) -> Output {
    file.bytes.withUnsafeBufferPointer { bytes in
      var lexer = Lexer(file: file, bytes: bytes)
      lexer.tokens.reserveCapacity(bytes.count / 3 + 1)
      if lexer.checkEncoding() { lexer.run() }
      lexer.tokens.append(Token(kind: .end, startsLine: false, start: bytes.count, end: bytes.count))
      return Output(
        tokens: lexer.tokens, comments: lexer.comments, blankLines: lexer.blankLines, mistakes: lexer.mistakes,
        plainNames: lexer.plainNames)
    }
  }

  private init(file: SourceFile, bytes: UnsafeBufferPointer<UInt8>) {
    self.file = file
    self.bytes = bytes
  }

  private mutating func run() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09:
        position += 1
      case 0x0A, 0x0D:
        newline()
      case UInt8(ascii: "#"):
        comment()
      default:
        lineIsBlank = false
        token()
      }
    }
    if lineIsBlank, position > file.lineStarts[file.lineStarts.count - 1] { blankLines.append(line) }
  }

  private mutating func newline() {
    if lineIsBlank { blankLines.append(line) }
    position += bytes[position] == 0x0D && peek(1) == 0x0A ? 2 : 1
    line += 1
    startsLine = true
    lineIsBlank = true
  }

  private mutating func comment() {
    let start = position
    skipLine()
    comments.append(CommentSyntax(span: span(from: start), isOnItsOwnLine: lineIsBlank))
    lineIsBlank = false
  }

  /// Moves to the end of the line.
  mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
  }

  /// The byte `distance` after the current one; 0 past the end.
  func peek(_ distance: Int) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  /// The bytes from `start` up to the current position.
  func span(from start: Int) -> SourceSpan { SourceSpan(file: file, start: start, end: position) }

  /// Adds the token of `kind` that reaches from `start` to the current position.
  mutating func add(_ kind: TokenKind, from start: Int) {
    tokens.append(Token(kind: kind, startsLine: startsLine, start: start, end: position))
    startsLine = false
  }

  /// Makes the next token start a line, as a `;` that should have been a new line does.
  mutating func startLine() { startsLine = true }

  private mutating func token() {
    let byte = bytes[position]
    if Self.startsName(byte) {
      name()
    } else if Self.isDigit(byte) || byte == UInt8(ascii: ".") && Self.isDigit(peek(1)) {
      number()
    } else if byte == UInt8(ascii: "\"") {
      string(closedBy: UInt8(ascii: "\""))
    } else if let (kind, length) = mark(byte) {
      let start = position
      position += length
      add(kind, from: start)
    } else {
      stray()
    }
  }

  private mutating func name() {
    let start = position
    position += 1
    while position < bytes.count, Self.continuesName(bytes[position]) || skipsUnseen(in: start) { position += 1 }
    if position < bytes.count, bytes[position] >= 0x80, scalar(at: position)?.properties.isAlphabetic == true {
      malformedName(from: start)
      return
    }
    if let plain = plainNames[start] {
      add(TokenKind.words[plain] ?? .name, from: start)
      return
    }
    // Reserved words are lower case and short; anything else need not become a string.
    if position - start <= 6, let word = TokenKind.words[text(from: start)] {
      add(word, from: start)
    } else {
      add(.name, from: start)
    }
  }

  /// A number with everything that clings to it, so that `3D`, `1.2.3` and `0x10` are one mistake each.
  private mutating func number() {
    let start = position
    var isDecimal = false
    var isMalformed = bytes[position] == UInt8(ascii: ".")
    digits(&isMalformed)
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isDecimal = true
      position += 1
      if Self.isDigit(peek(0)) { digits(&isMalformed) } else { isMalformed = true }
    }
    if peek(0) | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+") ? 1 : 0
      if Self.isDigit(peek(1 + sign)) {
        isDecimal = true
        position += 1 + sign
        digits(&isMalformed)
      }
    }
    while position < bytes.count, Self.continuesName(bytes[position]) || bytes[position] == UInt8(ascii: ".") {
      isMalformed = true
      position += 1
    }
    if isMalformed {
      malformedNumber(from: start)
    } else {
      add(isDecimal ? .decimal : .integer, from: start)
    }
  }

  /// Digits with single `_` between them.
  private mutating func digits(_ isMalformed: inout Bool) {
    var last: UInt8 = UInt8(ascii: "_")
    while position < bytes.count, Self.isDigit(bytes[position]) || bytes[position] == UInt8(ascii: "_") {
      if bytes[position] == UInt8(ascii: "_"), last == UInt8(ascii: "_") { isMalformed = true }
      last = bytes[position]
      position += 1
    }
    if last == UInt8(ascii: "_") { isMalformed = true }
  }

  /// A string; `closer` is the quote that ends it. Anything but `"` is a mistake that the caller reports.
  mutating func string(closedBy closer: UInt8) {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != closer, bytes[position] != 0x0A, bytes[position] != 0x0D {
      if bytes[position] == UInt8(ascii: "\\") {
        checkEscape()
        position += position + 1 < bytes.count && bytes[position + 1] >= 0x20 ? 2 : 1
      } else {
        position += 1
      }
    }
    if position < bytes.count, bytes[position] == closer {
      position += 1
    } else if closer == UInt8(ascii: "\"") {
      stringNotClosed(from: start)
    }
    add(.string, from: start)
  }

  /// The mark that starts with `byte` at the current position, and its length.
  private func mark(_ byte: UInt8) -> (TokenKind, Int)? {
    let next = peek(1)
    switch byte {
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: "["): return (.leftBracket, 1)
    case UInt8(ascii: "]"): return (.rightBracket, 1)
    case UInt8(ascii: "{"): return (.leftBrace, 1)
    case UInt8(ascii: "}"): return (.rightBrace, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ":"): return (.colon, 1)
    case UInt8(ascii: "."): return (.dot, 1)
    case UInt8(ascii: "+"): return (.plus, 1)
    case UInt8(ascii: "%"): return (.percent, 1)
    case UInt8(ascii: "-"): return next == UInt8(ascii: ">") ? (.arrow, 2) : (.minus, 1)
    case UInt8(ascii: "*"): return next == byte ? (.doubleStar, 2) : (.star, 1)
    case UInt8(ascii: "/"): return next == byte ? (.doubleSlash, 2) : (.slash, 1)
    case UInt8(ascii: "<"): return next == UInt8(ascii: "=") ? (.lessOrEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"): return next == UInt8(ascii: "=") ? (.greaterOrEqual, 2) : (.greater, 1)
    case UInt8(ascii: "!"): return next == UInt8(ascii: "=") ? (.notEqual, 2) : nil
    case UInt8(ascii: "="):
      // `=>` is a slip for `->`, reported by `stray`.
      return next == byte ? (.equal, 2) : next == UInt8(ascii: ">") ? nil : (.assign, 1)
    default: return nil
    }
  }

  /// The text from `start` up to the current position.
  func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  static func startsName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  static func continuesName(_ byte: UInt8) -> Bool { startsName(byte) || isDigit(byte) }
}
