import Source

/// Breaks a layout into lines of at most `width` columns where it can (after Wadler's "A prettier printer", with breaks that are asked
/// for). Takes time linear in the layout: looking ahead ends with the line.
struct LayoutPrinter {
  /// The columns of a line, comments behind it not counted.
  static let width = 100
  /// An opening bracket further to the right leaves too little room behind it.
  private static let lastAlignedColumn = 60

  private struct Command {
    var indentation: Int
    /// Whether `line` is a blank.
    var isFlat: Bool
    /// Whether `trailingComma` is a comma.
    var isHanging: Bool
    var layout: Step
  }

  private enum Step {
    case layout(Layout)
    /// The items of a fill from a position on, each after its separator.
    case items([FillItem], from: Int)
    /// A line break to a column, and text after it.
    case close(String, column: Int)
    /// After an aligned bracket the line counts as the one that opened it.
    case base(Int)
  }

  private(set) var lines: [OutputLine] = []
  private var current = OutputLine()
  private var column = 0
  /// The column that a hanging bracket on this line is indented from: of the first character, or what follows `-> `.
  private var base = 0
  /// Whether nothing but a comment can follow on the line.
  private var mustBreak = false
  private var commands: [Command] = []

  /// Adds `layout` to the lines.
  mutating func add(_ layout: Layout) {
    commands.append(Command(indentation: 0, isFlat: false, isHanging: false, layout: .layout(layout)))
    while let command = commands.popLast() { run(command) }
    endLine(0)
  }

  private mutating func run(_ command: Command) {
    switch command.layout {
    case .layout(let layout): run(layout, command)
    case .items(let items, let position): run(items, from: position, command)
    case .close(let text, let column):
      endLine(column)
      write(text, column)
    case .base(let column): base = column
    }
  }

  private mutating func push(_ step: Step, like command: Command, indentation: Int? = nil, isFlat: Bool? = nil) {
    commands.append(
      Command(
        indentation: indentation ?? command.indentation, isFlat: isFlat ?? command.isFlat,
        isHanging: command.isHanging, layout: step))
  }

  private mutating func run(_ layout: Layout, _ command: Command) {
    let indentation = command.indentation
    switch layout {
    case .text(let text): write(text, indentation)
    case .sequence(let layouts):
      for layout in layouts.reversed() { push(.layout(layout), like: command) }
    case .line:
      if command.isFlat { write(" ", indentation) } else { endLine(indentation) }
    case .hardLine: endLine(indentation)
    case .blankLine:
      endLine(indentation)
      if let last = lines.last, !last.isEmpty, !last.opensBracket { lines.append(OutputLine()) }
    case .comment(let text):
      if current.comment != nil { endLine(indentation) }
      current.comment = text
      mustBreak = true
    case .commentLine(let text):
      endLine(indentation)
      current.comment = text
      mustBreak = true
    case .indented(let count, let layout): push(.layout(layout), like: command, indentation: indentation + count)
    case .aligned(let layout):
      if mustBreak { endLine(indentation) }
      push(.layout(layout), like: command, indentation: column)
    case .group(let layout, let isBroken):
      if mustBreak { endLine(indentation) }
      let isFlat = !isBroken && fits([.layout(layout)])
      push(.layout(layout), like: command, isFlat: isFlat)
    case .fill(let items, let breaksFirst): run(items, breaksFirst, command)
    case .bracket(let bracket): run(bracket, command)
    case .trailingComma:
      if command.isHanging { write(",", indentation) }
    }
  }

  private mutating func run(_ items: [FillItem], _ breaksFirst: Bool, _ command: Command) {
    guard let first = items.first else { return }
    if mustBreak { endLine(command.indentation) }
    var items = items
    if breaksFirst, items.count > 1 {
      let end = items.dropFirst().firstIndex { $0.separator == .hard } ?? items.count
      let row = Layout.fill(Array(items[..<end]), breaksFirst: false)
      if !fits([.layout(row)], withRest: end == items.count) { items[1].separator = .hard }
    }
    push(.items(items, from: 1), like: command)
    push(.layout(first.content), like: command)
  }

  private mutating func run(_ items: [FillItem], from position: Int, _ command: Command) {
    guard position < items.count else { return }
    let item = items[position]
    let isLast = position + 1 == items.count
    if item.separator == .soft, fits([.layout(.text(" ")), .layout(item.content)], withRest: isLast) {
      write(" ", command.indentation)
    } else {
      endLine(command.indentation)
    }
    push(.items(items, from: position + 1), like: command)
    push(.layout(item.content), like: command)
  }

  private mutating func run(_ bracket: Bracket, _ command: Command) {
    if mustBreak { endLine(command.indentation) }
    let isFlat = !bracket.isBroken && fits([.layout(.bracket(bracket))])
    let hangs =
      bracket.isBroken
      || !isFlat && (bracket.style == .hanging || column + bracket.open.utf8.count > Self.lastAlignedColumn)
    var inner = command
    inner.isHanging = hangs
    if hangs {
      write(bracket.open, command.indentation)
      push(.close(bracket.close, column: base), like: inner)
      push(.layout(bracket.content), like: inner, indentation: base + 2)
      mustBreak = true
    } else {
      let padding: [Layout] = bracket.isPadded ? [.text(" ")] : []
      push(.base(base), like: command)
      push(.layout(.sequence(padding + [.text(bracket.close)])), like: inner)
      push(.layout(.aligned(bracket.content)), like: inner)
      push(.layout(.sequence([.text(bracket.open)] + padding)), like: inner)
    }
  }

  // MARK: Looking ahead

  /// Whether `steps` fit on the line without breaks, up to the first break that is asked for; `withRest`, what follows them too, up to
  /// the first place where the line may break.
  private func fits(_ steps: [Step], withRest: Bool = true) -> Bool {
    var room = Self.width - column
    var rest = commands.count
    var stack: [(step: Step, isFlat: Bool)] = steps.reversed().map { ($0, true) }
    while room >= 0 {
      guard let (step, isFlat) = stack.popLast() else {
        guard withRest, rest > 0 else { return true }
        rest -= 1
        stack.append((commands[rest].layout, commands[rest].isFlat))
        continue
      }
      switch step {
      case .base: continue
      case .close: return true
      case .items(let items, let position): if position < items.count { return true }
      case .layout(let layout):
        switch layout {
        case .text(let text): room -= DisplayText.width(of: text)
        case .sequence(let layouts): stack += layouts.reversed().map { (.layout($0), isFlat) }
        case .line:
          if !isFlat { return true }
          room -= 1
        case .hardLine, .blankLine, .comment, .commentLine: return true
        case .trailingComma: continue
        case .indented(_, let layout), .aligned(let layout): stack.append((.layout(layout), isFlat))
        case .group(let layout, let isBroken): stack.append((.layout(layout), !isBroken))
        case .fill(let items, _):
          for (index, item) in items.enumerated().reversed() {
            stack.append((.layout(item.content), true))
            if index > 0 { stack.append((.layout(item.separator == .hard ? .hardLine : .text(" ")), true)) }
          }
        case .bracket(let bracket):
          let padding = bracket.isPadded ? " " : ""
          if bracket.isBroken {
            stack.append((.layout(.hardLine), true))
            stack.append((.layout(.text(bracket.open)), true))
          } else {
            stack.append((.layout(.text(padding + bracket.close)), true))
            stack.append((.layout(bracket.content), true))
            stack.append((.layout(.text(bracket.open + padding)), true))
          }
        }
      }
    }
    return false
  }

  // MARK: Lines

  private mutating func write(_ text: String, _ indentation: Int) {
    if mustBreak { endLine(indentation) }
    if current.code.isEmpty {
      // A break has taken the place of the blank.
      if text == " " { return }
      if text.hasPrefix("-> ") { base += 3 }
    }
    current.code += text
    column += DisplayText.width(of: text)
  }

  /// Ends the line unless it is empty; the next one starts in column `indentation`.
  private mutating func endLine(_ indentation: Int) {
    if !current.isEmpty {
      while current.code.last == " " { current.code.removeLast() }
      lines.append(current)
    }
    current = OutputLine(indentation: indentation)
    mustBreak = false
    column = indentation
    base = indentation
  }

  /// The lines as one text, each with its line end.
  func text(lineEnd: String) -> String {
    var lines = lines[...]
    while lines.last?.isEmpty == true { lines.removeLast() }
    return OutputLine.aligned(Array(lines)).map { $0 + lineEnd }.joined()
  }
}
