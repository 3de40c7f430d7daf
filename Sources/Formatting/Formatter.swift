import Source
import Syntax

/// Turns a tree with its comments into a layout, from top to bottom: every comment is taken once, at the node it stands before.
struct Formatter {
  private let tree: FileSyntax
  private let blankLines: Set<Int>
  private var nextComment = 0
  /// How many brackets are open in which line breaks do not count.
  var depth = 0

  init(_ tree: FileSyntax) {
    self.tree = tree
    blankLines = Set(tree.blankLines)
  }

  /// The layout of the file.
  mutating func layout() -> Layout {
    var parts: [Layout] = []
    var previous: DeclarationSyntax?
    for declaration in tree.declarations {
      let comments = takeComments(before: declaration.span.start)
      let isBlankAbove = previous.map { $0.hasBody || declaration.hasBody } ?? false
      parts += layout(comments, blankFirst: isBlankAbove)
      if isBlankAbove, !comments.contains(where: \.isOnItsOwnLine) { parts.append(.blankLine) }
      parts += startOfLine(declaration.span)
      parts.append(layout(declaration))
      previous = declaration
    }
    parts += layout(takeComments(before: tree.span.end + 1), blankFirst: false)
    return .sequence(parts)
  }

  // MARK: Lines and comments

  /// A line break before what stands at `span`, or a blank line if one stands above it.
  func startOfLine(_ span: SourceSpan) -> [Layout] { [hasBlankLineAbove(span) ? .blankLine : .hardLine] }

  /// Whether the line above `span` holds nothing.
  func hasBlankLineAbove(_ span: SourceSpan) -> Bool { blankLines.contains(span.line - 1) }

  /// Whether a line ends between two nodes.
  func isBroken(_ first: SourceSpan, _ second: SourceSpan) -> Bool { first.lastLine < second.line }

  /// The comments before `offset` that have not been taken.
  mutating func takeComments(before offset: Int) -> [CommentSyntax] {
    let first = nextComment
    while nextComment < tree.comments.count, tree.comments[nextComment].span.start < offset { nextComment += 1 }
    return Array(tree.comments[first..<nextComment])
  }

  /// Whether a comment before `offset` has not been taken.
  func hasComment(before offset: Int) -> Bool {
    nextComment < tree.comments.count && tree.comments[nextComment].span.start < offset
  }

  /// Comments where they stand: behind what is on the line, or on lines of their own. `blankFirst` asks for a blank line above the
  /// first of the latter.
  func layout(_ comments: [CommentSyntax], blankFirst: Bool = false) -> [Layout] {
    var parts: [Layout] = []
    var blankFirst = blankFirst
    for comment in comments {
      guard comment.isOnItsOwnLine else {
        parts.append(.comment(comment.trimmedText))
        continue
      }
      if blankFirst || hasBlankLineAbove(comment.span) { parts.append(.blankLine) }
      blankFirst = false
      parts.append(.commentLine(comment.trimmedText))
    }
    return parts
  }

  /// The comments before a node that have no better place.
  mutating func stray(before span: SourceSpan) -> [Layout] { layout(takeComments(before: span.start)) }

  // MARK: Brackets and rows

  /// The nodes between two brackets with commas after them. `span` holds the brackets.
  mutating func list<Node: SyntaxNode>(
    _ open: String, _ close: String, _ nodes: [Node], in span: SourceSpan, hasTrailingComma: Bool = true,
    _ layout: (inout Formatter, Node) -> Layout
  ) -> Layout {
    depth += 1
    defer { depth -= 1 }
    let first = nodes.first.map { stray(before: $0.span) } ?? []
    var items: [FillItem] = []
    for (index, node) in nodes.enumerated() {
      var item = item(node.span, after: index > 0 ? nodes[index - 1].span : nil, &items)
      let comma: Layout = index + 1 < nodes.count ? .text(",") : hasTrailingComma ? .trailingComma : .nothing
      item.content = .sequence([item.content, layout(&self, node), comma])
      items.append(item)
    }
    let rest = self.layout(takeComments(before: span.end))
    if nodes.isEmpty, rest.isEmpty { return .text(open + close) }
    let isBroken = nodes.first.map { span.file.line(at: span.start) < $0.span.line } ?? false
    return .bracket(
      Bracket(
        open: open, close: close, content: .sequence(first + [.fill(items, breaksFirst: false)] + rest),
        style: .aligned,
        isBroken: isBroken || !first.isEmpty || !rest.isEmpty, isPadded: false))
  }

  /// The start of an item for the node at `span`: the comments before it stand behind the item before or above it, and it starts a
  /// line where it did.
  mutating func item(_ span: SourceSpan, after previous: SourceSpan?, _ items: inout [FillItem]) -> FillItem {
    let comments = takeComments(before: span.start)
    let behind = layout(Array(comments.prefix { !$0.isOnItsOwnLine }))
    if let last = items.indices.last, !behind.isEmpty {
      items[last].content = .sequence([items[last].content] + behind)
    }
    let above = Array(comments.drop { !$0.isOnItsOwnLine })
    let isHard = !comments.isEmpty || previous.map { isBroken($0, span) } ?? false
    let blank: [Layout] = previous != nil && isHard && hasBlankLineAbove(span) ? [.blankLine] : []
    return FillItem(separator: isHard ? .hard : .soft, content: .sequence(layout(above) + blank))
  }
}

extension DeclarationSyntax {
  /// Whether a blank line sets it off from its neighbours.
  fileprivate var hasBody: Bool {
    switch self {
    case .import, .const: false
    case .net, .train: true
    }
  }
}
