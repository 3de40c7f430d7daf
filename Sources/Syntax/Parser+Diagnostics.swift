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
    if accept(expected) || joinsLine(expected) && accept(expected) { return }
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
      fail(
        .tokenExpected, "`\(expected.rawValue)` is expected after \(after), found \(found)",
        help: after != "the name of the output"
          ? []
          : kind == .comma
            ? ["each output is a line: `output name = …`"]
            : kind == .newline || kind == .rightBrace ? ["an output has a value: `output \(shortBefore) = …`"] : [])
    }
  }

  /// Moves past the `:` before a type or layer; `=` is taken for it.
  mutating func expectColon(after: String) {
    if accept(.colon) || joinsLine(.colon) && accept(.colon) { return }
    if kind == .assign {
      report(
        Diagnostic(
          .bindingOrComparison, "`:` is expected after \(after), found `=`", at: here, help: [replace(here, by: ":")]))
      advance()
    } else if kind == .name, index > 0, tokens[index - 1].kind == .name {
      report(
        Diagnostic(
          .tokenExpected, "`:` is expected after \(after), found \(found)", at: here,
          help: [.init("put a `:` after `\(shortBefore)`", edits: [.init(before.after, ":")])]), isGuess: true)
    } else {
      let help: [Diagnostic.Help] =
        switch kind {
        case .leftParenthesis where after.hasSuffix("the layer"):
          [.init("a layer is declared with a name: `layer name: \(shortBefore)(…)`")]
        case .comma: [oneLineEach(after.hasSuffix("the target") ? "target" : "input")]
        case .newline where after.hasSuffix("the input"): [.init("for example `input \(shortBefore): f32[4]`")]
        default: []
        }
      fail(Diagnostic(.tokenExpected, "`:` is expected after \(after), found \(found)", at: place, help: help))
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
    if kind == closer, !strays.contains(index) {
      if token.isPutIn, let opener = brackets.last { groupNotClosed(opener) }
      close()
      return
    }
    guard kind != .recovering, !brackets.isEmpty else { return }
    if kind == .rightBrace, strays.contains(index) {
      if closer != .rightBrace, !isClosedOnLine(by: closer), let opener = brackets.last {
        return closedByOther(opener, closer)
      }
      strayBrace()
      return expectClosing(closer, orComma: orComma)
    }
    if endsStatement || kind == .leftBrace || kind == .assign && closer == .rightBracket || assignsNextLine {
      bracketNotClosed(isAtEnd: true)
    } else if closer == .rightBrace {
      fail(.tokenExpected, "`->` or `}` is expected, found \(found)")
    } else if kind == .if {
      fail(
        .malformedCondition, "a value cannot be followed by `if`",
        help: ["write the condition first: `if c then a else b`"])
    } else {
      let expected = orComma ? "`,` or `\(closer.rawValue)`" : "`\(closer.rawValue)`"
      fail(.tokenExpected, "\(expected) is expected, found \(found)", help: unitHelp + rangeHelp)
    }
  }

  /// What is said of a name behind a number in `train`, which looks like a unit.
  var unitHelp: [String] {
    guard kind == .name, isInTrain, [.integer, .decimal].contains(tokens[index - 1].kind), !token.startsLine else {
      return []
    }
    return ["the units of a number are `epochs` and `steps`"]
  }

  /// What is meant by `0:4`.
  private var rangeHelp: [String] {
    guard kind == .colon, tokens[index - 1].kind == .integer, next.kind == .integer else { return [] }
    return [
      "the numbers from \(before.text) up to before \(span(of: index + 1).text) are `range(\(before.text), \(span(of: index + 1).text))`"
    ]
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

  /// Reports that the innermost bracket is not closed; `isAtEnd` says that nothing but its end is missing, so that a slip in it can be
  /// mended.
  private mutating func bracketNotClosed(isAtEnd: Bool) {
    guard let last = brackets.last, let closer = tokens[last].kind.closer else { return }
    let opener = span(of: last)
    if kind == token.kind, closesNothing(index) {
      if !isAtEnd {
        return fail(.closesNothing, "this `\(kind.rawValue)` closes nothing")
      }
      if closer == .rightBrace || isClosedOnLine(by: closer) {
        strayClosers()
        return expectClosing(closer)
      }
      return closedByOther(last, closer)
    }
    // A string without its end holds what would have closed the bracket.
    let isInString = tokens[last..<index].contains { token in
      token.kind == .string && (token.end - token.start < 2 || file.bytes[token.end - 1] != UInt8(ascii: "\""))
    }
    if isInString { return giveUp() }
    let label = Diagnostic.Label(place, "`\(closer.rawValue)` is expected before this")
    fail(
      Diagnostic(
        .bracketNotClosed, "this `\(opener.text)` is not closed", at: opener,
        secondary: token.kind == .end ? [] : [label],
        help: closingHelp(last, closer)))
  }

  /// Reports the closing bracket at hand, which is of another kind than the one that is open.
  private mutating func closedByOther(_ opener: Int, _ closer: TokenKind) {
    let place = span(of: opener)
    let isIndex = opener > 0 && kind == .rightParenthesis && span(of: opener - 1).text == "index"
    if isIndex {
      report(
        Diagnostic(
          .malformedType, "the number of values of an `index` stands in ( )", at: place,
          help: [.init("write `(`", edits: [.init(place, "(")], isSure: false)]), isGuess: true)
      return close()
    }
    report(
      Diagnostic(
        .bracketNotClosed, "this `\(place.text)` is closed by `\(closer.rawValue)`, not by `\(kind.rawValue)`",
        at: here, secondary: [.init(place, "opened here")],
        help: [replace(here, by: closer.rawValue)]), isGuess: true)
    close()
  }

  /// Where the bracket at `opener` may end, if all that it can hold stands on its line: before the first `->`, or with the line.
  private func closingHelp(_ opener: Int, _ closer: TokenKind) -> [Diagnostic.Help] {
    guard span(of: opener).line == before.line, token.startsLine || token.kind == .end, index > opener + 1 else {
      return []
    }
    var (depth, arrow) = (0, index)
    for place in (opener + 1)..<index where arrow == index {
      if tokens[place].kind.closer != nil { depth += 1 }
      if [.rightParenthesis, .rightBracket, .rightBrace].contains(tokens[place].kind) { depth -= 1 }
      if depth == 0, tokens[place].kind == .arrow { arrow = place }
    }
    let end = span(of: arrow - 1)
    let words = arrow < index ? "before the first `->`" : "at the end of the line"
    return [
      .init(
        "a `\(closer.rawValue)` \(words) closes it", edits: [.init(end.after, closer.rawValue)], isSure: false)
    ]
  }

  /// Whether the line at hand, `kind=label)`, goes on with the arguments of the bracket at `opener`: it stands further right than the
  /// statement, and closes what that bracket has opened.
  func continuesList(_ opener: Int) -> Bool {
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

  /// Whether `closer` stands behind the current token on its line, outside of brackets that open there.
  func isClosedOnLine(by closer: TokenKind) -> Bool {
    var depth = 0
    // Nobody writes more on a line; the question may be asked at each of its tokens.
    for token in tokens[(index + 1)...].prefix(200) {
      if token.startsLine || token.kind == .end { return false }
      if token.kind == closer, depth == 0 { return true }
      if token.kind.closer != nil { depth += 1 }
      if [.rightParenthesis, .rightBracket, .rightBrace].contains(token.kind) { depth -= 1 }
    }
    return false
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
      let isExpected = [.leftBrace, .colon].contains(kind)
      var help: [Diagnostic.Help] = []
      if what == "the net to train", let net = onlyNet, net.utf8.count <= 40 {
        help = [.init("write `train \(net) { … }`", edits: kind == .leftBrace ? [.init(here.before, "\(net) ")] : [])]
      } else if isExpected, what == "the net to train" {
        help = [.init("for example `train Net { … }`")]
      } else if kind == .integer, what == "the variable of `for`", here.end - here.start <= 18 {
        help = [.init("stages are repeated by `repeat \(here.text) { … }`")]
      } else if isExpected, what == "the target" {
        help = [.init("for example `target label: …`")]
      }
      fail(Diagnostic(.nameExpected, "\(what) needs a name, found \(found)", at: place, help: help))
    }
    return missing
  }

  mutating func valueExpected() {
    if let diagnostic = foreignOperator { return fail(diagnostic) }
    switch kind {
    case _ where !brackets.isEmpty && endsStatement && (kind != .name || startsNextStatement()):
      bracketNotClosed(isAtEnd: false)
    case .if:
      fail(.valueExpected, "put the `if … then … else …` in ( ) to use it as an operand")
    case .not:
      fail(.valueExpected, "put the `not …` in ( ) to use it as an operand")
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

  /// Whether plus signs at hand stand before a value.
  var signsValue: Bool {
    let first = tokens[index...].first { $0.kind != .plus }
    return first.map { [.integer, .decimal, .name, .leftParenthesis].contains($0.kind) && !$0.startsLine } ?? false
  }

  /// Reports the plus signs at hand, which stand before a value, and moves past them.
  mutating func signs() {
    let first = here
    while kind == .plus { advance() }
    let all = first.extended(to: before)
    report(
      Diagnostic(
        .valueExpected, "a value is expected, found `+`", at: first,
        help: [.init("remove the `+`", edits: [.init(all, "")])]), isGuess: true)
  }

  /// Reports the `,` at hand, the last thing in brackets, and moves past it.
  mutating func trailingComma() {
    report(
      Diagnostic(
        .valueExpected, "a value is expected after the last `,`", at: here,
        help: [.init("remove the `,`", edits: [.init(here, "")])]))
    advance()
  }

  /// Reports the second comparison at hand in a value that starts at `start`.
  mutating func chainedComparison(from start: Int) {
    if kind == .less, next.kind == .minus, next.start == token.end { return backwardArrow(from: start) }
    fail(.chainedComparison, "comparisons are not chained", help: ["write `a < b and b < c`"])
  }

  mutating func emptyParentheses() {
    fail(.valueExpected, "a value is expected between `(` and `)`")
  }

  mutating func emptyGroup() {
    fail(.stageExpected, "a stage is expected between `{` and `}`")
  }
}
