import Source

// Bodies and groups whose braces are missing or stand elsewhere.
extension Parser {
  /// Reports a missing `{`; true when one stands on the next line, which is then the current token.
  mutating func acceptsGroupOnNextLine() -> Bool {
    if kind == .newline, token.kind == .leftBrace {
      report(Diagnostic(.tokenExpected, "`{` stands on the line it belongs to", at: here, help: [moveBrace(before)]))
      skipNewline()
      return true
    }
    if kind == .then {
      fail(.malformedCondition, "as a stage, a condition is written `if c { … } else { … }`")
    } else {
      fail(
        .tokenExpected, "`{` is expected, found \(found)",
        help: kind == .colon
          ? ["bodies stand in { }"] : kind == .in ? ["a list is passed through by `for`: `for i in … { … }`"] : [])
    }
    return false
  }

  /// The stages of `repeat 3 ( … )` and `repeat 3 [ … ]`, at the bracket: reported, and read as a group.
  mutating func groupInParentheses() -> GroupSyntax? {
    var (depth, closer) = (1, index)
    while depth > 0, closer + 1 < tokens.count, !tokens[closer + 1].kind.beginsDeclaration {
      closer += 1
      if tokens[closer].kind == kind { depth += 1 }
      if tokens[closer].kind == kind.closer { depth -= 1 }
    }
    guard depth == 0, !isRecovering, let end = kind.closer else { return nil }
    let opener = here
    report(
      Diagnostic(
        .tokenExpected, "stages are grouped by { }, found `\(opener.text)`", at: opener,
        help: [.init("write `{ … }`", edits: [.init(opener, "{"), .init(span(of: closer), "}")])]))
    let stages = nested { parser -> [StageSyntax] in
      parser.open()
      var stages = [parser.stage()]
      while parser.accept(.arrow) || parser.mendsMissingArrowInGroup() { stages.append(parser.stage()) }
      parser.expectClosing(end)
      return stages
    }
    return GroupSyntax(stages: stages ?? [], span: span(from: opener.start))
  }

  /// Reports the `{` at hand, the second one of a body.
  private mutating func secondBrace() {
    skipNewline()
    report(
      Diagnostic(
        .unknownStatement, "a body starts with one `{`", at: here,
        help: [.init("remove this one", edits: [.init(here, "")], isSure: false)]))
    advance()
  }

  /// Whether the line at hand stands where the `}` of the body should, which is missing: it is told to be in its place, and passed.
  mutating func takesPlaceOfCloser(_ owner: String, _ header: Int, after first: SourceSpan?) -> Bool {
    let margin = column(of: header)
    guard let first, token.startsLine, column(of: index) <= margin, !kind.beginsDeclaration,
      first.start - file.lineStarts[first.line - 1] > margin
    else { return false }
    var last = index
    while last < tokens.count, !tokens[last].isPutIn, last == index || !tokens[last].startsLine { last += 1 }
    guard last < tokens.count, tokens[last].kind == .rightBrace, tokens[last].isPutIn else { return false }
    fail(.bodyNotClosed, "`}` of \(owner) is expected, found \(found)")
    skipTokens { token, _ in token.isPutIn }
    resume()
    advance()
    return true
  }

  /// Reports the `{` that was put in at hand: the lines below are indented as a group, and a `}` follows them.
  mutating func braceMissing() {
    report(
      Diagnostic(
        .tokenExpected, "`{` is expected at the end of line \(before.lastLine)", at: before.after,
        help: [.init("write `{`", edits: [.init(before.after, " {")])]))
  }

  /// Takes a `}` without partner of the declaration at hand for the one of its body, whose `{` is missing: the first that stands under
  /// the header, or the last. False where there is none.
  private mutating func adoptsCloser() -> Bool {
    let margin = column(of: statementStart)
    var (last, closer, isAtMargin) = (index, nil as Int?, false)
    while last < tokens.count {
      if last > index, tokens[last].startsLine, tokens[last].kind.beginsDeclaration, beginsLine(last),
        column(of: last) <= margin
      {
        break
      }
      if strays.contains(last), !isAtMargin {
        closer = last
        isAtMargin = tokens[last].startsLine && column(of: last) <= margin
      }
      last += 1
    }
    if let closer { strays.remove(closer) }
    return closer != nil
  }

  /// The fix that moves the `{` at hand to the line that ends with `header`.
  private func moveBrace(_ header: SourceSpan) -> Diagnostic.Help {
    .init("move it to the end of line \(header.line)", edits: [.init(header.after, " {"), .init(here, "")])
  }

  /// Whether the body of `owner` starts here: at `{`, or where it is missing or on the next line, which is reported.
  mutating func startsBody(of owner: String) -> Bool {
    if accept(.leftBrace) {
      if token.kind == .leftBrace { secondBrace() }
      return true
    }
    if startsWithoutBrace {
      startsWithoutBrace = false
      hasNoBraces = !adoptsCloser()
      return true
    }
    let header = before
    if kind == .newline, token.kind == .leftBrace {
      if isHeaderUnread {
        skipNewline()
        return accept(.leftBrace)
      }
      report(
        Diagnostic(.tokenExpected, "`{` stands on the line of \(owner)", at: here, help: [moveBrace(header)]))
      skipNewline()
      return accept(.leftBrace)
    }
    let colon = kind == .colon ? here : nil
    let follows = colon == nil ? token : next
    let startsStatement = follows.kind.beginsStatement || follows.kind == .name
    let opening = colon.map { Diagnostic.Edit($0, " {") } ?? Diagnostic.Edit(header.after, " {")
    let end = endOfOpenBody()
    let closing = end.map { Diagnostic.Edit(span(of: $0).after, "\n}") }
    let words =
      end.map { "bodies stand in { }: `{` at the end of this line, `}` after line \(span(of: $0).lastLine)" }
      ?? (colon == nil ? "write `{` at the end of the line" : "bodies stand in { }")
    let diagnostic = Diagnostic(
      .tokenExpected, "`{` is expected after \(owner), found \(found)", at: place,
      help: [.init(words, edits: [opening] + (closing.map { [$0] } ?? []))])
    guard kind == .newline || colon != nil && next.startsLine, startsStatement else {
      fail(
        Diagnostic(
          .tokenExpected, diagnostic.message, at: place, help: [braceHelp(header) ?? .init("bodies stand in { }")]))
      recoverToBody()
      return (kind == .leftBrace || startsWithoutBrace) && startsBody(of: owner)
    }
    report(diagnostic)
    _ = adoptsCloser()
    hasNoBraces = end != nil
    if colon != nil { advance() }
    return true
  }

  /// What stands between the header that ends with `header` and the `{` of its line: to be removed.
  private func braceHelp(_ header: SourceSpan) -> Diagnostic.Help? {
    var brace = index
    while brace + 1 < tokens.count, tokens[brace].kind != .leftBrace, !tokens[brace + 1].startsLine { brace += 1 }
    guard kind != .newline, tokens[brace].kind == .leftBrace, brace > index else { return nil }
    let written = file.span(header.end, tokens[brace].start)
    let extra = file.span(token.start, tokens[brace - 1].end)
    guard extra.end - extra.start <= 40 else { return nil }
    return .init("remove `\(extra.text)`", edits: [.init(written, " ")], isSure: false)
  }

  /// The last token of a body whose `{` is missing, at its header's end, where the `}` is missing too; nil where there is one.
  private func endOfOpenBody() -> Int? {
    var depth = 0
    let margin = column(of: statementStart)
    var last = index
    while last < tokens.count, tokens[last].kind != .end {
      let token = tokens[last]
      if last > index, token.startsLine, token.kind.beginsDeclaration, beginsLine(last), column(of: last) <= margin {
        break
      }
      switch token.kind {
      case .leftBrace: depth += 1
      case .rightBrace where depth == 0: return nil
      case .rightBrace: depth -= 1
      default: break
      }
      last += 1
    }
    return last > index ? last - 1 : nil
  }

  /// After a mistake in the header of a declaration: moves to its `{` if it can be found, or to the first statement.
  mutating func recoverToBody() {
    guard isRecovering else { return }
    skipTokens { $0.kind == .leftBrace || $1 }
    // One that stands among the parameters by mistake is not the one of the body, which ends the line.
    var last = index
    while last + 1 < tokens.count, !tokens[last + 1].startsLine, tokens[last + 1].kind != .end { last += 1 }
    if token.kind == .leftBrace, tokens[last].kind == .leftBrace {
      while index < last { advance() }
    }
    isHeaderUnread = true
    startsWithoutBrace = token.kind.beginsStatement && column(of: index) > column(of: statementStart)
    if token.kind == .leftBrace || startsWithoutBrace { resume() }
  }

  /// After a mistake outside of bodies: moves to the next declaration.
  mutating func recoverToDeclaration() {
    guard isRecovering else { return }
    skipTokens { $0.kind.beginsDeclaration && $1 }
    resume()
  }
}
