import Source

// What the parser says where a token is not the one that the grammar asks for.
extension Parser {
  /// Where a message about the current token points: the token, or the end of the line before it.
  var place: SourceSpan { kind == .newline || token.kind == .end ? before.after : here }

  /// The current token in words.
  var found: String {
    switch kind {
    case .newline: "the end of the line"
    case .end: "the end of the file"
    case .string: "a string"
    case .name, .integer, .decimal: here.end - here.start > 40 ? "something long" : "`\(here.text)`"
    default: kind.isReserved ? "the word `\(kind.rawValue)`" : "`\(kind.rawValue)`"
    }
  }

  /// A fix that puts `text` in place of `span`.
  func replace(_ span: SourceSpan, by text: String) -> Diagnostic.Help {
    Diagnostic.Help("write `\(text)`", edits: [.init(span, text)])
  }

  /// A fix that puts `text` before the current token.
  func insert(_ text: String, _ words: String, isSure: Bool = true) -> Diagnostic.Help {
    Diagnostic.Help(words, edits: [.init(place.before, text)], isSure: isSure)
  }

  /// Moves past `=` or `in`; `after` says what stands before it. `:` and `==` are taken for `=`.
  mutating func expect(_ expected: TokenKind, after: String) {
    if accept(expected) { return }
    if expected == .assign, kind == .colon || kind == .equal {
      report(
        Diagnostic(
          .bindingOrComparison, "`=` is expected after \(after), found \(found)", at: here,
          help: [replace(here, by: "=")]))
      advance()
    } else if expected == .assign, kind == .less, next.kind == .minus {
      fail(
        .tokenExpected, "`=` is expected after \(after), found `<-`",
        help: ["a flow goes from left to right: `y = x -> linear(3)`"])
    } else {
      fail(.tokenExpected, "`\(expected.rawValue)` is expected after \(after), found \(found)")
    }
  }

  /// Moves past the `:` before a type or layer; `=` is taken for it.
  mutating func expectColon(after: String) {
    if accept(.colon) { return }
    if kind == .assign {
      report(
        Diagnostic(
          .bindingOrComparison, "`:` is expected after \(after), found `=`", at: here, help: [replace(here, by: ":")]))
      advance()
    } else {
      fail(.tokenExpected, "`:` is expected after \(after), found \(found)")
    }
  }

  /// Moves past `then` or `else` of a conditional value.
  mutating func expectWord(_ word: TokenKind) {
    if accept(word) { return }
    var help = ["as a value, a condition is written `if c then a else b`"]
    if kind == .newline, token.kind == word {
      report(
        Diagnostic(
          .malformedCondition, "`\(word.rawValue)` stands on the line of its `if`", at: here,
          help: [.init("put the whole `if … then … else …` in ( ) to write it on several lines")]))
      skipNewline()
      advance()
      return
    } else if kind == .leftBrace {
      help.append("as a stage, `if c { … } else { … }` comes after `->`")
    }
    fail(
      .malformedCondition,
      "`\(word.rawValue)` is expected after the \(word == .then ? "condition" : "value for `then`"), found \(found)",
      help: help)
  }

  /// Moves past the bracket that closes the innermost one; `orComma` says that another element could stand here.
  mutating func expectClosing(_ closer: TokenKind, orComma: Bool = false) {
    if kind == closer {
      close()
      return
    }
    guard kind != .recovering, !brackets.isEmpty else { return }
    if endsStatement || kind == .leftBrace || kind == .assign && closer == .rightBracket {
      bracketNotClosed()
    } else if closer == .rightBrace {
      stagesNotJoined()
    } else if kind == .if {
      fail(
        .malformedCondition, "a value cannot be followed by `if`",
        help: ["write the condition first: `if c then a else b`"])
    } else {
      let expected = orComma ? "`,` or `\(closer.rawValue)`" : "`\(closer.rawValue)`"
      let isElement: Bool =
        switch kind {
        case .name, .integer, .decimal, .string, .true, .false, .none, .not, .leftParenthesis, .leftBracket: orComma
        default: false
        }
      var comma = Diagnostic.Help("put a `,` between the two", edits: [.init(before.after, ",")])
      if closer == .rightBracket, kind == .name, index > 0, tokens[index - 1].kind == .name {
        let title = "\"\(before.extended(to: here).text)\""
        comma = .init(
          "a title with a blank stands in quotes: `\(title)`", edits: [.init(before.extended(to: here), title)],
          isSure: false)
      }
      fail(
        Diagnostic(.tokenExpected, "\(expected) is expected, found \(found)", at: place, help: isElement ? [comma] : [])
      )
    }
  }

  /// Whether the current token can only stand after the end of the statement, or closes another bracket than the innermost.
  private var endsStatement: Bool {
    switch kind {
    case .end, .rightBrace, .rightBracket, .rightParenthesis:
      brackets.last.map { tokens[$0].kind.closer } != kind
    default:
      token.startsLine && (beginsLine(index) || kind == .name && next.kind == .assign)
    }
  }

  private mutating func bracketNotClosed() {
    guard let last = brackets.last, let closer = tokens[last].kind.closer else { return }
    if kind == token.kind, closesNothing(index) {
      fail(closing)
      return
    }
    let opener = span(of: last)
    // A string without its end holds what would have closed the bracket.
    let isInString = tokens[last..<index].contains { token in
      token.kind == .string && (token.end - token.start < 2 || file.bytes[token.end - 1] != UInt8(ascii: "\""))
    }
    if isInString { return giveUp() }
    if continuesList(last) {
      return fail(
        Diagnostic(
          .tokenExpected, "`,` or `\(closer.rawValue)` is expected after line \(before.lastLine)", at: before.after,
          secondary: [.init(here, "the next argument")],
          help: [.init("put a `,` at the end of line \(before.lastLine)", edits: [.init(before.after, ",")])]))
    }
    let label = Diagnostic.Label(place, "`\(closer.rawValue)` is expected before this")
    fail(
      Diagnostic(
        .bracketNotClosed, "this `\(opener.text)` is not closed", at: opener,
        secondary: token.kind == .end ? [] : [label]))
  }

  /// Whether the line at hand, `kind=label)`, goes on with the arguments of the bracket at `opener`: it stands further right than the
  /// statement, and closes what that bracket has opened.
  private func continuesList(_ opener: Int) -> Bool {
    guard kind == .name, next.kind == .assign, tokens[opener].kind == .leftParenthesis, index > 0,
      tokens[index - 1].kind != .comma, column(of: index) > column(of: statementStart)
    else { return false }
    var depth = 0
    for token in tokens[index...] {
      switch token.kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis where depth == 0: return true
      case .rightParenthesis: depth -= 1
      case .leftBrace, .rightBrace, .end: return false
      default: break
      }
    }
    return false
  }

  private mutating func stagesNotJoined() {
    switch kind {
    case .name, .string, .repeat, .for, .if, .leftBrace:
      fail(
        Diagnostic(
          .stageExpected, "`->` is missing before \(found): stages are joined by it", at: here,
          help: [insert("-> ", "write `-> \(here.end - here.start > 40 ? "…" : here.text)`")]))
    case .comma:
      fail(
        Diagnostic(
          .stageExpected, "stages are joined by `->`, not by `,`", at: here,
          help: [.init("write `->`", edits: [.init(here, " ->")])]))
    default:
      fail(.tokenExpected, "`->` or `}` is expected, found \(found)")
    }
  }

  /// A name that a declaration gives; one with `-` in it is reported, and read as one.
  mutating func declaredName(_ what: String) -> NameSyntax {
    let name = name(what)
    guard !name.isMissing, kind == .minus, here.start == name.span.end,
      next.kind == .name || next.kind == .integer || next.kind.isReserved,
      next.start == here.end
    else { return name }
    var end = index
    while end + 1 < tokens.count, tokens[end].start == tokens[end - 1].end,
      [.minus, .name, .integer].contains(tokens[end].kind) || tokens[end].kind.isReserved
    {
      end += 1
    }
    let written = name.span.extended(to: span(of: end - 1))
    let plain = String(written.text.map { $0 == "-" ? "_" : $0 })
    report(
      Diagnostic(
        .nameExpected, "a name has letters, digits and `_`, but no `-`", at: written,
        help: [.init("write `\(plain)`", edits: [.init(written, plain)], isSure: false)]))
    while index < end { advance() }
    return NameSyntax(text: plain, span: written)
  }

  /// A name that is not there; a reserved word in its place is taken for it.
  mutating func missingName(_ what: String) -> NameSyntax {
    let missing = NameSyntax(text: "", span: before.after)
    if kind.isReserved, kind != .in {
      let endsName: Bool =
        switch next.kind {
        case .colon, .assign, .comma, .leftParenthesis, .rightParenthesis, .leftBrace, .leftBracket, .in, .end: true
        default: next.startsLine
        }
      let diagnostic = Diagnostic(
        .reservedName, "`\(kind.rawValue)` is a word of the language and cannot name \(what)", at: here)
      guard endsName else {
        fail(diagnostic)
        return missing
      }
      report(diagnostic)
      let name = NameSyntax(text: kind.rawValue, span: here)
      advance()
      return name
    }
    if kind == .string {
      fail(.nameExpected, "\(what) needs a name, found a string", help: ["names stand without quotes"])
    } else {
      fail(.nameExpected, "\(what) needs a name, found \(found)")
    }
    return missing
  }

  mutating func valueExpected() {
    switch kind {
    case _ where !brackets.isEmpty && endsStatement && kind != .name:
      bracketNotClosed()
    case .if:
      fail(.valueExpected, "put the `if … then … else …` in ( ) to use it as an operand")
    case .not:
      fail(.valueExpected, "put the `not …` in ( ) to use it as an operand")
    case .plus:
      fail(
        Diagnostic(
          .valueExpected, "a value is expected, found `+`", at: here,
          help: [.init("remove the `+`", edits: [.init(here, "")])]))
    case _ where (kind == .rightParenthesis || kind == .rightBracket) && index > 0 && tokens[index - 1].kind == .comma:
      fail(
        Diagnostic(
          .valueExpected, "a value is expected after the last `,`", at: before,
          help: [.init("remove the `,`", edits: [.init(before, "")])]))
    case _ where (kind == .rightParenthesis || kind == .comma) && index > 1 && tokens[index - 1].kind == .percent:
      percent()
    case .newline where index > 0:
      fail(
        .valueExpected, "a value is expected after `\(before.text)`, found the end of the line",
        help: ["put the whole in ( ) to write it on several lines"])
    case .arrow:
      fail(
        .danglingArrow, "nothing flows into this `->`: a value is expected before it",
        help: ["a flow starts from an input or another name: `x -> …`"])
    default:
      fail(.valueExpected, "a value is expected, found \(found)")
    }
  }

  /// Reports `50%`, where nothing follows the `%`.
  private mutating func percent() {
    let number = span(of: index - 2)
    let written = number.extended(to: before)
    guard let value = Double(number.text) else {
      fail(.valueExpected, "a value is expected after `%`, found \(found)")
      return
    }
    fail(
      Diagnostic(
        .valueExpected, "a value is expected after `%`, which gives the remainder of a division", at: written,
        help: [.init("\(written.text) is written `\(value / 100)`", edits: [.init(written, "\(value / 100)")])]))
  }

  mutating func typeExpected() {
    let isShape = kind == .leftBracket || kind == .leftParenthesis
    let help =
      isShape
      ? Diagnostic.Help(
        "write the element type before the dimensions: `f32[3, 224, 224]`",
        edits: kind == .leftBracket ? [.init(here.before, "f32")] : inBrackets(from: index, "f32"))
      : kind == .integer
        ? Diagnostic.Help(
          "for a class of so many write `index(\(here.text))`", edits: [.init(here, "index(\(here.text))")],
          isSure: false)
        : Diagnostic.Help("for example `f32[3, 224, 224]`")
    fail(Diagnostic(.malformedType, "a type is expected, found \(found)", at: place, help: [help]))
  }

  /// `opener` is the index of the `(`.
  mutating func dimensionsInParentheses(from opener: Int) {
    let help = Diagnostic.Help("write them as in `f32[3, 224, 224]`", edits: inBrackets(from: opener))
    fail(Diagnostic(.malformedType, "dimensions stand in [ ]", at: span(of: opener), help: [help]))
  }

  /// The edits that write the parentheses from `opener` as brackets after `element`; none when they are not closed on their line.
  private func inBrackets(from opener: Int, _ element: String = "") -> [Diagnostic.Edit] {
    var index = opener + 1
    while index < tokens.count, !tokens[index].startsLine, tokens[index].kind != .end {
      switch tokens[index].kind {
      case .rightParenthesis: return [.init(span(of: opener), element + "["), .init(span(of: index), "]")]
      case .leftParenthesis: return []
      default: index += 1
      }
    }
    return []
  }

  mutating func wrongParameterKind() {
    let endsParameter = kind == .name && [.comma, .rightParenthesis, .assign].contains(next.kind)
    let written = span(of: index - 1).extended(to: here)
    let help = Diagnostic.Help(
      "a parameter that is a number has no kind: `stride = 1`", edits: endsParameter ? [.init(written, "")] : [])
    let diagnostic = Diagnostic(
      .malformedType, "`layer` or `tensor` is expected after `:` of a parameter, found \(found)", at: place,
      help: [help])
    if endsParameter {
      report(diagnostic)
      advance()
    } else {
      fail(diagnostic)
    }
  }

  mutating func chainedComparison() {
    fail(.chainedComparison, "comparisons are not chained", help: ["write `a < b and b < c`"])
  }

  mutating func emptyParentheses() {
    fail(.valueExpected, "a value is expected between `(` and `)`")
  }

  mutating func emptyGroup() {
    fail(.stageExpected, "a stage is expected between `{` and `}`")
  }

  mutating func numberOutOfRange(_ literal: SourceSpan, isInteger: Bool) {
    let shown = literal.end - literal.start > 40 ? "this number" : "`\(literal.text)`"
    let limit = isInteger ? "whole numbers go up to \(Int.max)" : "decimal numbers go up to about 1.8e308"
    report(Diagnostic(.numberOutOfRange, "\(shown) is too large: \(limit)", at: literal))
  }
}
