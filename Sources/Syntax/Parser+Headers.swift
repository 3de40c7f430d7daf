import Source

// Headers as other languages write them: what they mean is reported, and read so.
extension Parser {
  // MARK: Words for a net

  /// Whether a word of another language before the name at hand stands for `net`, `def Classifier {`, and not for `block`: what is trained
  /// is a net, what flows pass through is a block, and the last of several is the one that uses the others.
  func isMeantAsNet(_ word: String) -> Bool {
    let name = next
    let text = span(of: index + 1).text
    var (isStage, isLast) = (false, true)
    for place in tokens.indices.dropLast() where tokens[place + 1].kind == .name {
      let isThis =
        tokens[place + 1].end - tokens[place + 1].start == name.end - name.start && span(of: place + 1).text == text
      switch tokens[place].kind {
      case .train where isThis: return true
      case .arrow where isThis: isStage = true
      case .net, .train: isLast = false
      case .name where place > index && tokens[place].startsLine && !tokens[place + 1].startsLine:
        if Self.foreignDeclarations[span(of: place).text] != nil { isLast = false }
      default: break
      }
    }
    return !isStage && (isLast || Self.foreignDeclarations[word]?.hasPrefix("`net") ?? false)
  }

  // MARK: Inputs among parameters

  /// Whether the mark behind the name of a parameter, at hand, gives it the type of a tensor: `image: f32[3, 32, 32]`, `image: [3, 32, 32]`.
  var givesTensorType: Bool {
    guard kind == .colon || kind == .assign, index + 2 < tokens.count, tokens[index - 1].kind == .name else {
      return false
    }
    let after = tokens[index + 2].kind
    switch next.kind {
    case .leftBracket: return kind == .colon
    case .leftParenthesis: return kind == .colon && after == .integer
    case .name:
      guard TypeSyntax.elements.contains(span(of: index + 1).text) else { return false }
      return after == .leftBracket || after == .leftParenthesis
    default: return false
    }
  }

  /// Whether a parameter at hand starts with the type of a tensor: `f32[3, 32, 32] image`.
  var startsWithTensorType: Bool {
    kind == .name && nextIs(.leftBracket) && TypeSyntax.elements.contains(here.text)
  }

  /// The parameter `name` that is an input, behind it and its type, or at the mark behind its name: reported, and kept for the body.
  mutating func inputAmongParameters(_ name: NameSyntax, _ known: TypeSyntax?, from start: Int) {
    let count = mistakes.diagnostics.count
    let type = known ?? typeOfParameter()
    guard !isRecovering, mistakes.diagnostics.count == count else { return }
    let parameter = span(from: start)
    let sizes = file.span(type.span.start + 1, max(type.span.start + 1, type.span.end - 1)).text
    let written = type.name.span.start == type.name.span.end ? "f32[\(sizes)]" : type.span.text
    let isShort = written.utf8.count <= 60 && parameter.line == parameter.lastLine && name.text.utf8.count <= 40
    let line = "input \(name.text): \(isShort ? written : "…")"
    let isDeclared = isInput(name.text, below: index)
    mistakes.report(
      Diagnostic(
        .malformedType, "`\(name.text)` is a tensor that flows in: an input, not a parameter", at: parameter,
        help: [
          isDeclared
            ? .init("remove it: the body has its `input`", edits: [removal(of: parameter)], isSure: false)
            : .init("write `\(line)` in the body", edits: isShort ? move(parameter, line) : [])
        ]))
    if !isDeclared { movedInputs.append(InputSyntax(name: name, type: type, span: parameter)) }
  }

  /// The type behind the mark at hand; sizes alone are those of `f32`.
  private mutating func typeOfParameter() -> TypeSyntax {
    advance()
    if kind == .name { return type() }
    let start = here
    let sizes = dimensions(kind == .leftBracket ? .rightBracket : .rightParenthesis)
    return TypeSyntax(
      name: NameSyntax(text: "f32", span: start.before), argument: nil, dimensions: sizes, span: span(from: start.start)
    )
  }

  /// Whether the declaration at hand has an `input` of a name, below the token at `index`.
  func isInput(_ name: String, below index: Int) -> Bool {
    var place = index
    while place + 1 < tokens.count, !(tokens[place].kind.beginsDeclaration && beginsLine(place)) {
      if tokens[place].kind == .input, tokens[place + 1].kind == .name, span(of: place + 1).text == name { return true }
      place += 1
    }
    return false
  }

  /// Takes `parameter`, which was just passed, out of its list.
  private func removal(of parameter: SourceSpan) -> Diagnostic.Edit {
    var first = index
    while first > 0, tokens[first - 1].start >= parameter.start { first -= 1 }
    let opener = tokens[max(0, first - 1)]
    if kind == .comma { return .init(file.span(parameter.start, next.start), "") }
    if opener.kind == .comma { return .init(file.span(opener.start, parameter.end), "") }
    return opener.kind == .leftParenthesis && kind == .rightParenthesis
      ? .init(file.span(opener.start, here.end), "") : .init(parameter, "")
  }

  /// Moves `parameter`, which was just passed, to the body, behind the inputs that are there, as `line`; nothing where that is not clear.
  private func move(_ parameter: SourceSpan, _ line: String) -> [Diagnostic.Edit] {
    var (depth, brace) = (0, index)
    while brace < tokens.count, tokens[brace].kind != .leftBrace || depth >= 0 {
      if tokens[brace].kind.closer != nil { depth += 1 }
      if tokens[brace].kind == .rightParenthesis || tokens[brace].kind == .rightBracket { depth -= 1 }
      if tokens[brace].kind.beginsDeclaration || tokens[brace].kind == .end { return [] }
      brace += 1
    }
    guard brace + 1 < tokens.count, !tokens[brace].isPutIn, tokens[brace + 1].startsLine else { return [] }
    let margin = String(repeating: " ", count: max(2, column(of: brace + 1)))
    var above = brace
    while above + 1 < tokens.count, tokens[above + 1].kind == .input || !tokens[above + 1].startsLine { above += 1 }
    let end = file.lineRange(span(of: above).line).upperBound
    return [removal(of: parameter), .init(file.span(end, end), "\n\(margin)\(line)")]
  }

  // MARK: The net to train

  /// The name behind `train`; where it stands in another way, `train: F7 {`, `train(F7) {`, `train net F7 {`, that is reported, and read.
  mutating func trainedNet() -> NameSyntax {
    let what = "the net to train"
    if kind == .name || kind == .recovering { return declaredName(what) }
    if kind == .leftBrace { return netInBody() ?? declaredName(what) }
    let first = index
    var place = kind == .string ? index : index + 1
    guard place < tokens.count, !tokens[place].startsLine else { return declaredName(what) }
    let isQuoted = kind == .string
    let text = isQuoted ? String(here.text.dropFirst().dropLast()) : span(of: place).text
    let isName = isQuoted ? isPlainName(text) : tokens[place].kind == .name
    switch kind {
    case .colon, .assign, .net, .leftParenthesis, .string: break
    default: return declaredName(what)
    }
    let name = NameSyntax(text: text, span: span(of: place))
    if kind == .leftParenthesis { place += 1 }
    let isClosed = kind != .leftParenthesis || place < tokens.count && tokens[place].kind == .rightParenthesis
    guard isName, isClosed, !isQuoted || isNet(text), place + 1 < tokens.count, tokens[place + 1].kind == .leftBrace,
      text.utf8.count <= 40
    else { return declaredName(what) }
    let written = file.span(tokens[first - 1].end, tokens[place].end)
    report(
      Diagnostic(
        .nameExpected, "`train` is followed by the name of the net, found \(found)", at: here,
        help: [.init("write `train \(text) { … }`", edits: [.init(written, " \(text)")])]))
    while index <= place { advance() }
    return name
  }

  private func isNet(_ name: String) -> Bool {
    tokens.indices.dropLast().contains {
      tokens[$0].kind == .net && tokens[$0 + 1].kind == .name && span(of: $0 + 1).text == name
    }
  }

  private func isPlainName(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5F }
      && text.utf8.first.map { $0 > 0x39 } ?? false
  }

  /// `train {` with a line `net = F7` in its body, at the `{`: the name is there. nil where there is no such line.
  private mutating func netInBody() -> NameSyntax? {
    var place = index + 1
    while !namesNet(place) {
      guard place + 1 < tokens.count, tokens[place].kind != .rightBrace,
        !(tokens[place].kind.beginsDeclaration && beginsLine(place))
      else { return nil }
      place += 1
    }
    let name = NameSyntax(text: span(of: place + 2).text, span: span(of: place + 2))
    let line = span(of: place).extended(to: name.span)
    let gap = file.span(tokens[place - 1].end, line.start)
    let removed = gap.text.allSatisfy(\.isWhitespace) ? gap.extended(to: line) : line
    mistakes.report(
      Diagnostic(
        .nameExpected, "the net to train stands behind `train`, not in its body", at: line,
        help: [
          .init("write `train \(name.text) { … }`", edits: [.init(here.before, "\(name.text) "), .init(removed, "")])
        ]))
    lineOfNet = place
    return name
  }

  /// Whether the line that starts with the token at `place` is `net = F7`.
  private func namesNet(_ place: Int) -> Bool {
    guard place + 3 < tokens.count, tokens[place].startsLine, tokens[place + 2].kind == .name else { return false }
    return (tokens[place].kind == .net || ["model", "network"].contains(span(of: place).text))
      && [.assign, .colon].contains(tokens[place + 1].kind)
      && (tokens[place + 3].startsLine || tokens[place + 3].kind == .end)
      && tokens[place + 2].end - tokens[place + 2].start <= 40
  }

  /// Passes the line `net = F7` of the body of a `train` that was told to have its net there; false at other lines.
  mutating func passesLineOfNet() -> Bool {
    guard lineOfNet == index, !isRecovering else { return false }
    for _ in 0..<3 { advance() }
    return true
  }
}
