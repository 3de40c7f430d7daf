import Source

// What the parser says of types, and of the kinds of parameters.
extension Parser {
  /// Reports the dimensions at hand, which have no element type, and gives the type that is meant; nil for everything else.
  mutating func typeWithoutElement() -> TypeSyntax? {
    guard kind == .leftBracket || kind == .leftParenthesis, let closer = kind.closer else { return nil }
    let edits = kind == .leftBracket ? [.init(here.before, "f32")] : inBrackets(from: index, "f32")
    if edits.isEmpty { return nil }
    let start = here
    var help = Diagnostic.Help("write the element type before the dimensions: `f32[3, 224, 224]`", edits: edits)
    let isCount = kind == .leftParenthesis && next.kind == .integer && index + 2 < tokens.count
    if isCount, tokens[index + 2].kind == .rightParenthesis {
      help = .init(
        "for a class of so many write `index(\(span(of: index + 1).text))`", edits: [.init(here.before, "index")],
        isSure: false)
    }
    report(
      Diagnostic(.malformedType, "a type is expected, found \(found)", at: place, help: [help]), isGuess: true)
    // What stands in parentheses may be meant for an `index`.
    let element = kind == .leftBracket ? "f32" : ""
    return TypeSyntax(
      name: NameSyntax(text: element, span: start.before), argument: nil, dimensions: dimensions(closer),
      span: span(from: start.start))
  }

  mutating func typeExpected() {
    let help =
      kind == .leftParenthesis
      ? Diagnostic.Help("write the element type before the dimensions: `f32[3, 224, 224]`")
      : kind == .integer
        ? Diagnostic.Help(
          "for a class of so many write `index(\(here.text))`", edits: [.init(here, "index(\(here.text))")],
          isSure: false)
        : Diagnostic.Help("for example `f32[3, 224, 224]`")
    fail(Diagnostic(.malformedType, "a type is expected, found \(found)", at: place, help: [help]))
  }

  /// `index(0, 9)`, a range, or `index(5000, 80)`, with sizes in the same brackets, at the `,`: reported, with what is meant; nil where
  /// that is not clear.
  mutating func indexOfTwo(_ first: ExpressionSyntax?) -> (ExpressionSyntax, [ExpressionSyntax]?)? {
    guard let first, index + 2 < tokens.count, tokens[index + 2].kind == .rightParenthesis, !next.startsLine,
      tokens[index - 2].kind == .leftParenthesis, next.kind == .integer || next.kind == .name, !isRecovering
    else { return nil }
    let written = span(of: index - 2).extended(to: span(of: index + 2))
    let last = Int(span(of: index + 1).text.filter { $0 != "_" })
    advance()
    let second = expression()
    close()
    guard case .number(let number) = first, number.value == .integer(0), let last, last < 1 << 31 else {
      let text = "(\(first.span.text))[\(second.span.text)]"
      report(
        Diagnostic(
          .malformedType, "`index` takes one number, that of its values: sizes stand in [ ]", at: written,
          help: [.init("write `index\(text)`", edits: [.init(written, text)], isSure: false)]))
      return (first, [second])
    }
    report(
      Diagnostic(
        .malformedType, "`index` takes one number: its values count from 0", at: written,
        help: [
          .init(
            "the numbers from 0 to \(last) are `index(\(last + 1))`", edits: [.init(written, "(\(last + 1))")],
            isSure: false)
        ]))
    let count = NumberSyntax(text: "\(last + 1)", value: .integer(last + 1), unit: nil, span: first.span)
    return (.number(count), nil)
  }

  /// Reports the dimensions in parentheses of which the first, `size`, was read, and gives all of them. `opener` is the index of the `(`.
  mutating func dimensionsInParentheses(from opener: Int, _ size: ExpressionSyntax?) -> [ExpressionSyntax]? {
    let edits = inBrackets(from: opener)
    let diagnostic = Diagnostic(
      .malformedType, "dimensions stand in [ ]", at: span(of: opener),
      help: [.init("write them as in `f32[3, 224, 224]`", edits: edits)])
    guard let size, !edits.isEmpty else {
      fail(diagnostic)
      return nil
    }
    report(diagnostic)
    var sizes = [size]
    while accept(.comma), kind != .rightParenthesis { sizes.append(expression()) }
    expectClosing(.rightParenthesis)
    return sizes
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

  /// Reports what is no kind of a parameter; gives the one that is meant.
  mutating func wrongParameterKind() -> ParameterSyntax.Kind {
    let endsParameter = kind == .name && [.comma, .rightParenthesis, .assign].contains(next.kind)
    let written = span(of: index - 1).extended(to: here)
    let help = Diagnostic.Help(
      "a parameter that is a number has no kind: `stride = 1`", edits: endsParameter ? [.init(written, "")] : [])
    var diagnostic = Diagnostic(
      .malformedType, "`layer` or `tensor` is expected after `:` of a parameter, found \(found)", at: place,
      help: [help])
    if kind == .name, let word = closestSpelling(of: here.text, among: ["layer", "tensor"]) {
      diagnostic.message = "`\(here.text)` is no kind of a parameter; did you mean `\(word)`?"
      diagnostic.help = [replace(here, by: word)]
      report(diagnostic)
      advance()
      return word == "layer" ? .layer : .tensor
    }
    if endsParameter {
      report(diagnostic)
      advance()
    } else {
      fail(diagnostic)
    }
    return .value
  }
}
