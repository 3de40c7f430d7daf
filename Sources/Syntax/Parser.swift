import Source

/// Reads tokens into a tree by recursive descent; see grammar/net.ebnf.
///
/// After a mistake the parser is `recovering`: `kind` matches nothing, so that every rule returns at once with what it has, and no
/// further mistake is reported until `recover` has found the next line worth reading.
struct Parser {
  /// How deep brackets, conditions and prefix operators may be nested.
  static let maximumDepth = 256
  /// How many operators between operands one statement may hold; bounds the depth of `a + b + c + …`.
  static let maximumOperators = 1000

  let file: SourceFile
  let tokens: ContiguousArray<Token>
  /// See `Lexer.Output`.
  let plainNames: [Int: String]
  var mistakes = Mistakes()

  /// The index of the current token.
  private(set) var index = 0
  /// The kind of the current token as the grammar sees it: `newline` before a token that starts a line where lines count.
  private(set) var kind = TokenKind.end
  /// The indices of the open brackets of the current statement, in which newlines do not count.
  var brackets: [Int] = []
  /// Whether a mistake was reported and the place to go on is not found yet.
  private(set) var isRecovering = false
  private var passedNewline = false
  private var depth = 0
  private var operators = 0
  /// The indices of the `}` that have no `{`.
  var strays: Set<Int>
  /// The statement in which a `,` was told to stand in place of `->`, and the number of that mistake: further ones belong to it.
  var commaMend: (statement: Int, number: Int)?
  /// Whether the brackets at these indices are closed, as far as it was asked.
  var closedBrackets: [Int: Bool] = [:]
  /// Whether the body at hand starts without a `{`, after a mistake in its header.
  var startsWithoutBrace = false
  /// The last mistake that was mended: where, and its number.
  private var lastMend: (index: Int, number: Int)?
  /// Whether the statement before the current one holds a flow that a stage could continue, and whether the current one does.
  var followsFlow = false
  var holdsFlow = false
  /// Whether the header of the current body could not be read: its braces may be what is wrong.
  var isHeaderUnread = false
  /// Whether the current body was told to have neither `{` nor `}`.
  var hasNoBraces = false
  /// Whether the current statement belongs to a `train`.
  var isInTrain = false
  /// The bytes that stand behind `//` as a comment; what seems wrong in them is not.
  var comments: [Range<Int>] = []
  /// Declarations that stand in bodies, to be read as if they stood outside.
  var hoisted: [DeclarationSyntax] = []
  /// The index of the first token of the body at hand.
  var bodyStart = 0
  /// Inputs that stand among the parameters of the declaration at hand, to be read as if they stood in its body.
  var movedInputs: [InputSyntax] = []
  /// The index of the first token of a line that names the net to train, in the body of a `train` without a name.
  var lineOfNet: Int?
  /// The index of the first token of the current statement.
  private(set) var statementStart = 0

  init(_ file: SourceFile, _ lexed: Lexer.Output) {
    self.file = file
    let balanced = BalancedBraces(lexed.tokens, file)
    tokens = balanced.tokens
    strays = balanced.strays
    plainNames = lexed.plainNames
    refresh()
  }

  /// The current token.
  var token: Token { tokens[index] }

  /// The name that the current token is.
  var nameHere: NameSyntax { NameSyntax(text: plainNames[token.start] ?? here.text, span: here) }

  /// The token after the current one, `end` after the last.
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  /// Whether the token after the current one is of `kind` and the grammar sees no newline before it.
  func nextIs(_ kind: TokenKind) -> Bool {
    !isRecovering && next.kind == kind && (!next.startsLine || !brackets.isEmpty || kind == .arrow)
  }

  private mutating func refresh() {
    let token = tokens[index]
    if isRecovering {
      kind = .recovering
    } else if token.startsLine, !passedNewline, brackets.isEmpty, token.kind != .arrow {
      kind = .newline
    } else {
      kind = token.kind
    }
  }

  /// Moves past the current token.
  mutating func advance() {
    if index + 1 < tokens.count { index += 1 }
    passedNewline = false
    refresh()
  }

  /// Moves past a newline, if there is one here.
  mutating func skipNewline() {
    guard kind == .newline else { return }
    passedNewline = true
    refresh()
  }

  /// Moves past the current token if it is of `kind`.
  mutating func accept(_ kind: TokenKind) -> Bool {
    guard self.kind == kind else { return false }
    advance()
    return true
  }

  /// Moves past the opening bracket at hand.
  mutating func open() {
    brackets.append(index)
    advance()
  }

  /// Moves past the closing bracket at hand, which closes the innermost one.
  mutating func close() {
    _ = brackets.popLast()
    advance()
  }

  /// Runs `rule` one level deeper; nil when that is too deep.
  mutating func nested<Node>(_ rule: (inout Parser) -> Node) -> Node? {
    guard depth < Self.maximumDepth else {
      fail(.tooComplex, "this is nested more than \(Self.maximumDepth) levels deep", help: ["name a part of it"])
      return nil
    }
    depth += 1
    defer { depth -= 1 }
    return rule(&self)
  }

  /// Counts an operator of the current statement; false when there are too many.
  mutating func countOperator() -> Bool {
    operators += 1
    if operators > Self.maximumOperators {
      fail(.tooComplex, "this has more than \(Self.maximumOperators) operators", help: ["name a part of it"])
    }
    return operators <= Self.maximumOperators
  }

  /// Notes that a statement starts at the current token.
  mutating func beginStatement() {
    statementStart = index
    operators = 0
  }

  // MARK: Spans

  /// The span of the token at `index`.
  func span(of index: Int) -> SourceSpan {
    SourceSpan(file: file, start: tokens[index].start, end: tokens[index].end)
  }

  /// The span of the current token.
  var here: SourceSpan { span(of: index) }

  /// The span of the token before the current one.
  var before: SourceSpan { span(of: max(0, index - 1)) }

  /// The bytes from `start` up to the end of the last token that was passed.
  func span(from start: Int) -> SourceSpan {
    SourceSpan(file: file, start: start, end: index == 0 ? start : max(start, tokens[index - 1].end))
  }

  // MARK: Mistakes

  /// Reports a mistake and goes on as if it had not been made; after too many of them, nothing more is read.
  /// `isGuess` says that something else may be meant as well.
  mutating func report(_ diagnostic: Diagnostic, isGuess: Bool = false) {
    if isRecovering { return }
    if followsGuess, followsMend() { return }
    var diagnostic = diagnostic
    diagnostic.isGuessed = isGuess
    diagnostic.isMended = diagnostic.help.first.map { !$0.edits.isEmpty } ?? false
    lastMend = (index, mistakes.diagnostics.count)
    mistakes.report(diagnostic)
    if mistakes.isFull { giveUp() }
  }

  /// Reports a mistake after which the rest of the statement makes no sense.
  mutating func fail(_ diagnostic: Diagnostic) {
    // An invalid token has been reported by the lexer.
    if !isRecovering, tokens[index].kind != .invalid || diagnostic.span != here, !followsMend() {
      mistakes.report(diagnostic)
    }
    isRecovering = true
    refresh()
  }

  /// Whether the last mistake was mended by a guess.
  private var followsGuess: Bool {
    lastMend.map { mistakes.diagnostics.indices.contains($0.number) && mistakes.diagnostics[$0.number].isGuessed }
      ?? false
  }

  /// Whether a slip was mended just before the current token: what does not fit here shows that something else was meant there.
  private mutating func followsMend() -> Bool {
    guard let mend = lastMend, mend.index <= index, index - mend.index <= (followsGuess ? 4 : 2),
      !(mend.index..<index).contains(where: {
        tokens[$0 + 1].startsLine && ($0 + 1 < index || kind != .newline && kind != .arrow)
      }),
      mistakes.diagnostics.indices.contains(mend.number)
    else { return false }
    mistakes.leaveUnread(mend.number)
    return true
  }

  /// Leaves the rest of the statement, of whose mistake the lexer has told.
  mutating func giveUp() {
    isRecovering = true
    refresh()
  }

  /// Reports a mistake at the current token.
  mutating func fail(_ mistake: DiagnosticCode, _ message: String, label: String? = nil, help: [String] = []) {
    fail(Diagnostic(mistake, message, at: place, label: label, help: help.map { Diagnostic.Help($0) }))
  }

  // MARK: Recovery

  /// Moves to where the current statement ends, or to a line of its outermost flow that starts with `->` if `atArrow`.
  mutating func recover(atArrow: Bool = false) {
    guard isRecovering else { return }
    let indentation = column(of: statementStart)
    scan: while tokens[index].kind != .end, !mistakes.isFull {
      let token = tokens[index]
      if token.startsLine, index > statementStart {
        if brackets.isEmpty, token.kind != .arrow || atArrow { break }
        let isWord = token.kind == .name || token.kind.isReserved
        let isInBraces = brackets.contains { tokens[$0].kind == .leftBrace }
        if isWord, !isInBraces, beginsLine(index) || column(of: index) <= indentation { break }
      }
      switch token.kind {
      case .leftParenthesis, .leftBracket, .leftBrace:
        brackets.append(index)
      case .rightParenthesis, .rightBracket:
        if let last = brackets.last, tokens[last].kind.closer == token.kind { brackets.removeLast() }
      case .rightBrace where strays.contains(index): break
      case .rightBrace:
        if let brace = brackets.lastIndex(where: { tokens[$0].kind == .leftBrace }) {
          brackets.removeSubrange(brace...)
        } else {
          break scan
        }
      default: break
      }
      index += 1
    }
    if mistakes.isFull { index = tokens.count - 1 }
    resume()
  }

  /// Moves to the first token for which `stops` holds, whose second argument says whether the token begins a line as a declaration
  /// or statement does.
  mutating func skipTokens(until stops: (Token, Bool) -> Bool) {
    while tokens[index].kind != .end, !stops(tokens[index], tokens[index].startsLine && beginsLine(index)) {
      index += 1
    }
  }

  /// Goes on reading at the current token.
  mutating func resume() {
    brackets.removeAll()
    isRecovering = false
    passedNewline = false
    refresh()
  }

  /// Whether the token at `index` is a closing bracket without partner among the open ones.
  func closesNothing(_ index: Int) -> Bool {
    let token = tokens[index]
    switch token.kind {
    case .rightParenthesis, .rightBracket: break
    case .rightBrace: return strays.contains(index)
    default: return false
    }
    return !brackets.contains { tokens[$0].kind.closer == token.kind }
  }

  /// Whether the token at `index` is a word that begins a declaration or statement, as the token after it shows.
  func beginsLine(_ index: Int) -> Bool {
    let kind = tokens[index].kind
    let next = tokens[min(index + 1, tokens.count - 1)].kind
    return kind == .import ? next == .string : (kind.beginsDeclaration || kind.beginsStatement) && next == .name
  }

  /// The number of bytes before the token at `index` on its line.
  func column(of index: Int) -> Int {
    let start = tokens[index].start
    return start - file.lineStarts[file.line(at: start) - 1]
  }
}
