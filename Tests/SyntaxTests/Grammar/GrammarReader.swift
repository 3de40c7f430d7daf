/// Reads EBNF.
struct GrammarReader {
  /// What is wrong with the text.
  struct Failure: Error {
    var message: String
    var line: Int
  }

  private let characters: [Character]
  private var position = 0
  /// Comments since the last production.
  private var comments: [String] = []

  init(_ text: String) { characters = Array(text) }

  mutating func grammar() throws -> Grammar {
    try skip()
    let introduction = comments.isEmpty ? "" : comments.removeFirst()
    var sections: [Grammar.Section] = []
    try takeComments(into: &sections)
    while position < characters.count {
      let production = try production()
      guard !sections.isEmpty else { throw failure("a heading is expected") }
      sections[sections.count - 1].productions.append(production)
      try takeComments(into: &sections)
    }
    return Grammar(introduction: introduction, sections: sections)
  }

  /// Headings are comments such as `---- Files ----`.
  private mutating func takeComments(into sections: inout [Grammar.Section]) throws {
    try skip()
    for comment in comments {
      if comment.hasPrefix("----") {
        let title = String(comment.dropFirst(4).dropLast(4)).trimmed
        sections.append(Grammar.Section(title: title))
      } else if !sections.isEmpty {
        sections[sections.count - 1].remarks.append(comment)
      }
    }
    comments = []
  }

  private mutating func production() throws -> Grammar.Production {
    let start = position
    let name = try name()
    try expect("=")
    let rule = try choice()
    try expect(";")
    let text = Self.withoutComments(characters[start..<position])
    // Comments on the same line belong to the production.
    while position < characters.count, characters[position] == " " { position += 1 }
    if peek("(*") { try comment() }
    let remarks = comments
    comments = []
    return Grammar.Production(name: name, rule: rule, text: text, remarks: remarks)
  }

  private mutating func choice() throws -> Grammar.Rule {
    var rules = [try sequence()]
    while try accept("|") { rules.append(try sequence()) }
    return rules.count == 1 ? rules[0] : .choice(rules)
  }

  private mutating func sequence() throws -> Grammar.Rule {
    var rules: [Grammar.Rule] = []
    while let rule = try term() { rules.append(rule) }
    guard !rules.isEmpty else { throw failure("a rule is expected") }
    return rules.count == 1 ? rules[0] : .sequence(rules)
  }

  private mutating func term() throws -> Grammar.Rule? {
    try skip()
    guard position < characters.count else { return nil }
    switch characters[position] {
    case "{": return .repetition(try bracketed("{", "}"))
    case "[": return .optional(try bracketed("[", "]"))
    case "(": return try bracketed("(", ")")
    case "\"", "'":
      let first = try literal()
      guard try accept("…") else { return .literal(first) }
      try skip()
      return .range(first, try literal())
    case let letter where letter.isLetter: return .reference(try name())
    default: return nil
    }
  }

  private mutating func bracketed(_ opener: String, _ closer: String) throws -> Grammar.Rule {
    try expect(opener)
    let rule = try choice()
    try expect(closer)
    return rule
  }

  private mutating func literal() throws -> String {
    let quote = characters[position]
    guard let end = characters[(position + 1)...].firstIndex(of: quote) else { throw failure("a quote is not closed") }
    defer { position = end + 1 }
    return String(characters[(position + 1)..<end])
  }

  private mutating func name() throws -> String {
    try skip()
    let start = position
    while position < characters.count, characters[position].isLetter { position += 1 }
    guard position > start else { throw failure("a name is expected") }
    return String(characters[start..<position])
  }

  private func peek(_ text: String) -> Bool { characters[position...].starts(with: text) }

  private mutating func accept(_ text: String) throws -> Bool {
    try skip()
    guard peek(text) else { return false }
    position += text.count
    return true
  }

  private mutating func expect(_ text: String) throws {
    guard try accept(text) else { throw failure("`\(text)` is expected") }
  }

  /// Moves past blanks and comments, which are kept.
  private mutating func skip() throws {
    while position < characters.count {
      if characters[position].isWhitespace {
        position += 1
      } else if peek("(*") {
        try comment()
      } else {
        return
      }
    }
  }

  private mutating func comment() throws {
    let start = position + 2
    while !peek("*)") {
      guard position < characters.count else { throw failure("a comment is not closed") }
      position += 1
    }
    comments.append(String(characters[start..<position]).trimmed)
    position += 2
  }

  private func failure(_ message: String) -> Failure {
    Failure(message: message, line: characters[..<position].count(where: \.isNewline) + 1)
  }

  /// The text of a production, comments cut out line by line.
  private static func withoutComments(_ text: ArraySlice<Character>) -> String {
    var result = ""
    for line in String(text).split(separator: "\n") {
      var line = String(line)
      while let open = line.firstRange(of: "(*"), let close = line.firstRange(of: "*)"),
        open.upperBound <= close.lowerBound
      {
        line.removeSubrange(open.lowerBound..<close.upperBound)
      }
      while line.last == " " { line.removeLast() }
      result += (result.isEmpty ? "" : "\n") + line
    }
    return result
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
