import Source

/// The tokens of a file with the braces that its indentation shows to be missing, and those of its `}` that close nothing.
///
/// Declarations whose braces are balanced are left as they are: there the indentation says nothing. Linear in the tokens.
struct BalancedBraces {
  /// The tokens; a `}` that was put in has no bytes.
  private(set) var tokens: ContiguousArray<Token>
  /// The indices of the `}` that have no `{`.
  private(set) var strays: Set<Int> = []

  private let file: SourceFile
  /// The places of missing braces: the indices of the tokens before them.
  private var gaps: [(place: Int, kind: TokenKind)] = []

  init(_ tokens: ContiguousArray<Token>, _ file: SourceFile) {
    self.tokens = tokens
    self.file = file
    findDeclarations()
    fillGaps()
  }

  /// Looks at the declarations one by one: one ends where the next one starts that stands no further right.
  private mutating func findDeclarations() {
    var (start, depth, lowest) = (0, 0, 0)
    for index in tokens.indices {
      switch tokens[index].kind {
      case .leftBrace: depth += 1
      case .rightBrace:
        depth -= 1
        lowest = min(lowest, depth)
      case .end where depth != 0 || lowest < 0: repair(start..<index, depth)
      case .net, .block, .train, .const, .import:
        guard index > start, tokens[index].startsLine, startsDeclaration(index),
          depth <= 0 || column(of: index) <= column(of: start)
        else { continue }
        if depth != 0 || lowest < 0 { repair(start..<index, depth) }
        (start, depth, lowest) = (index, 0, 0)
      default: break
      }
    }
  }

  private func startsDeclaration(_ index: Int) -> Bool {
    let next = tokens[min(index + 1, tokens.count - 1)].kind
    return next == (tokens[index].kind == .import ? .string : .name)
  }

  /// Finds the braces of one declaration that have no partner; `depth` says how many more open than close.
  private mutating func repair(_ range: Range<Int>, _ depth: Int) {
    // A file with more mistakes than are shown is not worth it.
    if abs(depth) + gaps.count + strays.count > Diagnostic.shownLimit { return }
    var open: [(index: Int, line: Int, indentation: Int)] = []
    var (missing, extra) = (max(0, depth), max(0, -depth))
    // As many open as close, but not in this order.
    if depth == 0 { extra = 1 }
    var (line, indentation) = (0, 0)
    for index in range {
      let token = tokens[index]
      if token.startsLine || index == range.lowerBound {
        line += 1
        indentation = column(of: index)
      }
      switch token.kind {
      case .leftBrace: open.append((index, line, indentation))
      case .rightBrace:
        if token.startsLine {
          while missing > 0, let last = open.last, last.indentation > indentation, open.count > 1 {
            gaps.append((end(of: last.index, before: index), .rightBrace))
            open.removeLast()
            missing -= 1
          }
        }
        let isLast = index + 1 == range.upperBound && open.count == 1
        let isForeign = open.last.map { token.startsLine ? $0.indentation < indentation : $0.line != line } ?? true
        if extra > 0, isForeign, !isLast {
          if let header = header(of: index, after: range.lowerBound) {
            gaps.append((header, .leftBrace))
          } else {
            strays.insert(index)
          }
          extra -= 1
        } else if open.popLast() == nil {
          strays.insert(index)
        }
      default: break
      }
    }
    for last in open.suffix(Diagnostic.shownLimit).reversed() {
      let end = open.first?.index == last.index ? range.upperBound - 1 : end(of: last.index, before: range.upperBound)
      gaps.append((end, .rightBrace))
    }
  }

  /// The last token of the line that lacks the `{` of the `}` at `closer`, which starts a line: the last one before that stands as far
  /// right, where it begins a group.
  private func header(of closer: Int, after limit: Int) -> Int? {
    guard tokens[closer].startsLine, closer > limit else { return nil }
    let margin = column(of: closer)
    var (last, index) = (closer - 1, closer - 1)
    var lines = 0
    while index > limit {
      if tokens[index].startsLine {
        if column(of: index) <= margin { break }
        last = index - 1
        lines += 1
      }
      index -= 1
    }
    let words: [TokenKind] = [.repeat, .for, .if, .else]
    let beginsGroup = tokens[index...last].contains { words.contains($0.kind) } || tokens[last].kind == .colon
    let isHeader = lines > 0 && index > limit && column(of: index) == margin && tokens[last].kind != .leftBrace
    return isHeader && beginsGroup ? last : nil
  }

  /// The last token of a group without its `}`: the group ends where its line does, or before the first line that stands no further
  /// right.
  private func end(of opener: Int, before limit: Int) -> Int {
    var first = opener
    while first > 0, !tokens[first].startsLine { first -= 1 }
    let margin = column(of: first)
    let isOnOneLine = opener + 1 < limit && !tokens[opener + 1].startsLine
    var last = opener
    while last + 1 < limit {
      if tokens[last + 1].startsLine, isOnOneLine || column(of: last + 1) <= margin { break }
      last += 1
    }
    return last
  }

  /// Puts a brace into each gap.
  private mutating func fillGaps() {
    if gaps.isEmpty { return }
    let places = gaps.sorted { $0.place < $1.place }
    var filled: ContiguousArray<Token> = []
    filled.reserveCapacity(tokens.count + places.count)
    var (shifted, next) = (Set<Int>(), 0)
    for (index, token) in tokens.enumerated() {
      if strays.contains(index) { shifted.insert(filled.count) }
      filled.append(token)
      while next < places.count, places[next].place == index {
        filled.append(Token(kind: places[next].kind, startsLine: false, start: token.end, end: token.end))
        next += 1
      }
    }
    (tokens, strays) = (filled, shifted)
  }

  /// The number of bytes before the token at `index` on its line.
  private func column(of index: Int) -> Int {
    let start = tokens[index].start
    return start - file.lineStarts[file.line(at: start) - 1]
  }
}

extension Token {
  /// Whether the token is a brace that stands nowhere in the text.
  var isPutIn: Bool { start == end && (kind == .leftBrace || kind == .rightBrace) }
}
