import Source

extension Lexer {
  /// Whether the bytes are worth reading; reports the first that are not UTF-8.
  mutating func checkEncoding() -> Bool {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      mistakes.report(
        Diagnostic(
          .notUTF8, "this file is UTF-16 text, not UTF-8", at: file.span(0, 0),
          help: [.init("save it again with the encoding UTF-8")]))
      return false
    }
    guard let offset = Self.firstInvalid(in: bytes) else { return true }
    let byte = String(bytes[offset], radix: 16, uppercase: true)
    mistakes.report(
      Diagnostic(
        .notUTF8, "this file is not UTF-8 text: byte 0x\(byte) cannot stand here", at: file.span(offset, offset + 1),
        help: [.init("save it again with the encoding UTF-8")]))
    return true
  }

  /// The offset of the first byte that is not part of a well-formed UTF-8 sequence (Unicode, table 3-7).
  static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 0
    while index < bytes.count {
      let length = sequenceLength(in: bytes, at: index)
      if length == 0 { return index }
      index += length
    }
    return nil
  }

  /// The length of the well-formed sequence at `index`; 0 when there is none.
  private static func sequenceLength(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return 1 }
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// The Unicode scalar whose sequence starts at `index`, if it is well formed.
  func scalar(at index: Int) -> Unicode.Scalar? {
    let length = Self.sequenceLength(in: bytes, at: index)
    return length == 0 ? nil : String(decoding: bytes[index..<index + length], as: UTF8.self).unicodeScalars.first
  }

  /// A name that holds letters beyond ASCII; the whole of it is one mistake and one name.
  mutating func malformedName(from start: Int) {
    while position < bytes.count {
      if Self.continuesName(bytes[position]) {
        position += 1
      } else if bytes[position] >= 0x80, let next = scalar(at: position),
        next.properties.isAlphabetic || next.properties.generalCategory == .nonspacingMark
      {
        position += next.utf8.count
      } else {
        break
      }
    }
    if reportedNames.insert(text(from: start)).inserted {
      mistakes.report(
        Diagnostic(
          .malformedName, "names are made of the letters a-z and A-Z, digits and `_`", at: span(from: start)))
    }
    add(.name, from: start)
  }

  mutating func malformedNumber(from start: Int) {
    let text = text(from: start)
    let message: String
    var help: [Diagnostic.Help] = []
    var meant = TokenKind.invalid
    let span = span(from: start)
    if text.hasPrefix("."), let last = tokens.last, last.kind == .name, last.end == start {
      message = "a name is expected after `.`, and a name does not start with a digit"
    } else if text.hasPrefix("."), Double(text) != nil {
      message = "a number starts with a digit"
      meant = .decimal
      help = [.init("write `0\(text)`", edits: [.init(span, "0\(text)")])]
    } else if text.hasSuffix("."), !text.dropLast().contains(where: { $0 == "." }) {
      message = "a digit is missing after the point of `\(text)`"
      help = [.init("write `\(text)0`", edits: [.init(span, "\(text)0")])]
      if Double(text) != nil { meant = .decimal }
    } else if let unit = ["epochs", "epoch", "steps", "step"].first(where: { text.hasSuffix($0) }),
      text.dropLast(unit.count).allSatisfy(\.isNumber)
    {
      let spaced = "\(text.dropLast(unit.count)) \(unit)"
      message = "a blank stands between a number and its unit"
      help = [.init("write `\(spaced)`", edits: [.init(span, spaced)])]
      // The unit is the next token.
      meant = .integer
      position -= unit.utf8.count
    } else if text.contains("_"), text.allSatisfy({ $0.isNumber || $0 == "_" || $0 == "." }) {
      message = "`_` stands between two digits of a number"
    } else if text.utf8.count > 60 {
      message = "this is not a number"
    } else if let dots = text.firstIndex(of: "."), text[dots...].hasPrefix(".."), let first = Int(text[..<dots]),
      let last = Int(text[dots...].drop { $0 == "." }), first <= last, last < 1 << 30
    {
      message = "`\(text)` is not a number"
      help = [.init("the numbers from \(first) to \(last) are `range(\(first), \(last + 1))`")]
    } else if let sizes = Self.sizes(in: text) {
      message = "`\(text)` is not a number"
      help = [.init("several sizes are a list: `\(sizes)`", edits: [.init(span, sizes)], isSure: false)]
    } else {
      message = "`\(text)` is not a number, and a name does not start with a digit"
      let digits = text.prefix { $0.isNumber }
      let letters = text.dropFirst(digits.count)
      // `1e` is a number that was not finished, and `3mb` has a unit.
      let isName = letters.count == 1 ? letters.lowercased() != "e" : letters.count > 3
      if isName, letters.allSatisfy(\.isLetter), text.utf8.count <= 20 {
        help = [.init("a product is written `\(digits) * \(letters)`")]
      }
      if text.hasPrefix("0x") || text.hasPrefix("0X"), let value = Int(text.dropFirst(2), radix: 16) {
        help = [.init("numbers are decimal: write `\(value)`", edits: [.init(span, "\(value)")])]
      }
      if tokens.last?.kind == .arrow, peek(0) == UInt8(ascii: ":") {
        help = [.init("as a label, write it in quotes: `\"\(text)\"`", edits: [.init(span, "\"\(text)\"")])]
        meant = .name
      }
    }
    var diagnostic = Diagnostic(.malformedNumber, message, at: span, help: help)
    diagnostic.isMended = meant != .invalid
    mistakes.report(diagnostic)
    add(meant, from: start)
  }

  /// `[3, 3]` for `3x3`.
  private static func sizes(in text: String) -> String? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count > 1, parts[0] != "0", parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }) else {
      return nil
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  mutating func stringNotClosed(from start: Int) {
    mistakes.report(
      Diagnostic(
        .malformedString, "this string is not closed on its line", at: span(from: start),
        help: [.init("end it with `\"`")]))
  }

  /// Reports the escape at the current position unless it is one of the four.
  mutating func checkEscape() {
    switch peek(1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "t"): return
    case 0, 0x0A, 0x0D: return
    default:
      var diagnostic = Diagnostic(
        .malformedString, "a string knows the escapes \\\" \\\\ \\n \\t only", at: file.span(position, position + 2),
        help: [.init("write `\\\\` for a backslash, or `/` in a path", edits: [.init(span(from: position), "\\")])])
      diagnostic.isMended = true
      mistakes.report(diagnostic)
    }
  }

  /// A character that starts no token. What it is mistaken for is used in its place.
  mutating func stray() {
    let start = position
    switch bytes[position] {
    case UInt8(ascii: ";"): semicolon()
    case UInt8(ascii: "'"): quoted()
    case UInt8(ascii: "&"): misspelt("&", as: .and, "and")
    case UInt8(ascii: "|"): bar()
    case UInt8(ascii: "="): misspelt(">", as: .arrow, "->")
    case UInt8(ascii: "!"): misspelt("", as: .not, "not ")
    case UInt8(ascii: "^"): misspelt("", as: .doubleStar, "**")
    case 0x00..<0x20, 0x7F: control()
    case 0x21..<0x7F:
      position += 1
      let mark = text(from: start)
      let help: [Diagnostic.Help] =
        switch mark {
        case "?" where [.leftBracket, .comma].contains(tokens.last?.kind):
          [.init("a size that may be any has a name in a block: `input x: f32[n]`")]
        case "?": [.init("a choice between two values is written `if c then a else b`")]
        case "@": [.init("the product of matrices is `matmul(a, b)`")]
        default: []
        }
      mistakes.report(Diagnostic(.strayCharacter, "`\(mark)` has no meaning here", at: span(from: start), help: help))
      add(.invalid, from: start)
    default: beyondASCII()
    }
  }

  private mutating func semicolon() {
    let start = position
    position += 1
    var rest = position
    while rest < bytes.count, bytes[rest] == 0x20 || bytes[rest] == 0x09 || bytes[rest] == 0x3B { rest += 1 }
    let opensBody = rest < bytes.count && bytes[rest] == UInt8(ascii: "{")
    let endsLine = rest == bytes.count || [0x0A, 0x0D, 0x23].contains(bytes[rest])
    let help =
      endsLine || opensBody
      ? Diagnostic.Help("remove it", edits: [.init(file.span(start, rest), "")])
      : Diagnostic.Help("start a new line", edits: [.init(file.span(start, rest), "\n")])
    position = max(position, rest)
    var diagnostic = Diagnostic(
      .semicolon, "no `;` is needed: a statement ends with its line", at: file.span(start, start + 1), help: [help])
    diagnostic.isMended = true
    mistakes.report(diagnostic)
    if !opensBody { startLine() }
  }

  private mutating func quoted() {
    let start = position
    string(closedBy: UInt8(ascii: "'"))
    let inner = text(from: start).dropFirst()
    let fixed = "\"\(inner.hasSuffix("'") ? inner.dropLast() : inner)\""
    var diagnostic = Diagnostic(
      .malformedString, "strings stand in double quotes", at: span(from: start),
      help: [.init("write `\(fixed)`", edits: [.init(span(from: start), fixed)])])
    diagnostic.isMended = true
    mistakes.report(diagnostic)
  }

  /// Whether characters that nobody sees stand at the current position within the name from `start`, and the name goes on behind them: they
  /// are reported and passed but for the last byte, and the name is read without them.
  mutating func skipsUnseen(in start: Int) -> Bool {
    let unseen = position
    var end = position
    while end < bytes.count {
      if bytes[end] < 0x20 || bytes[end] == 0x7F {
        if [0x09, 0x0A, 0x0D].contains(bytes[end]) { break }
        end += 1
      } else if bytes[end] >= 0x80, let next = scalar(at: end), next.properties.generalCategory == .format {
        end += next.utf8.count
      } else {
        break
      }
    }
    guard end > unseen, end < bytes.count, Self.continuesName(bytes[end]) else { return false }
    let before = plainNames[start] ?? text(from: start)
    if bytes[unseen] < 0x80 {
      control()
      position = end
    } else {
      position = end
      unseenCharacter(from: unseen)
    }
    var rest = end
    while rest < bytes.count, Self.continuesName(bytes[rest]) { rest += 1 }
    plainNames[start] = before + file.span(end, rest).text
    position = rest - 1
    return true
  }

  /// Reports characters without width, which are left out.
  private mutating func unseenCharacter(from start: Int) {
    let code = scalar(at: start).map { String($0.value, radix: 16, uppercase: true) } ?? "?"
    let zeros = String(repeating: "0", count: max(0, 4 - code.count))
    var diagnostic = Diagnostic(
      .strayCharacter, "an invisible character (U+\(zeros)\(code)) stands here", at: span(from: start),
      help: [.init("remove it", edits: [.init(span(from: start), "")])])
    diagnostic.isMended = true
    mistakes.report(diagnostic)
  }

  private mutating func control() {
    let start = position
    while position < bytes.count, bytes[position] < 0x20 || bytes[position] == 0x7F,
      ![0x09, 0x0A, 0x0D].contains(bytes[position])
    { position += 1 }
    if !reportedControl {
      let code = String(bytes[start], radix: 16, uppercase: true)
      let name = "0x\(code.count < 2 ? "0" : "")\(code)"
      mistakes.report(
        Diagnostic(
          .strayCharacter, "the control character \(name) cannot stand here: is this a text file?",
          at: file.span(start, start + 1)))
    }
    reportedControl = true
  }

  private mutating func beyondASCII() {
    let start = position
    guard let scalar = scalar(at: position) else {
      // Not UTF-8, which `checkEncoding` has reported.
      position += 1
      return
    }
    if scalar.properties.isAlphabetic { return malformedName(from: start) }
    position += scalar.utf8.count
    if let (kind, replacement) = Self.lookalikes[scalar] {
      reportStray("`\(scalar)` has no meaning here", from: start, replacement: replacement)
      add(kind, from: start)
    } else if "“”„‟«»‘’‚‛".unicodeScalars.contains(scalar) {
      curlyQuoted(from: start)
    } else if scalar.properties.generalCategory == .format {
      unseenCharacter(from: start)
    } else if scalar.properties.isWhitespace {
      let code = String(scalar.value, radix: 16, uppercase: true)
      let zeros = String(repeating: "0", count: max(0, 4 - code.count))
      reportStray("an invisible character (U+\(zeros)\(code)) stands here", from: start, replacement: " ")
    } else {
      reportStray("`\(scalar)` has no meaning here", from: start)
      add(.invalid, from: start)
    }
  }

  /// A string in curly quotes, up to the next one on the line.
  private mutating func curlyQuoted(from start: Int) {
    let inner = position
    while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
      if bytes[position] >= 0x80, let next = scalar(at: position), "“”„‟«»‘’‚‛".unicodeScalars.contains(next) { break }
      position += 1
    }
    let fixed = "\"\(text(from: inner))\""
    if position < bytes.count, let closer = scalar(at: position), closer.value >= 0x80 {
      position += closer.utf8.count
    }
    var diagnostic = Diagnostic(
      .malformedString, "strings stand in straight double quotes", at: span(from: start),
      help: [.init("write `\(fixed)`", edits: [.init(span(from: start), fixed)])])
    diagnostic.isMended = true
    mistakes.report(diagnostic)
    add(.string, from: start)
  }

  /// Characters that word processors and web pages put in place of the plain ones.
  private static let lookalikes: [Unicode.Scalar: (TokenKind, String)] = [
    "→": (.arrow, "->"), "⇒": (.arrow, "->"), "⟶": (.arrow, "->"), "×": (.star, "*"), "·": (.star, "*"),
    "÷": (.slash, "/"), "−": (.minus, "-"), "–": (.minus, "-"), "—": (.minus, "-"), "≤": (.lessOrEqual, "<="),
    "≥": (.greaterOrEqual, ">="), "≠": (.notEqual, "!="), "，": (.comma, ","), "：": (.colon, ":"),
    "（": (.leftParenthesis, "("), "）": (.rightParenthesis, ")"),
  ]
}
