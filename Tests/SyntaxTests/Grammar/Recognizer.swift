/// Decides whether tokens are a sentence of a grammar, by trying every way: slow and plainly right.
struct Recognizer {
  private let grammar: Grammar
  private let tokens: [ProgramGenerator.Token]
  private var known: [Key: Set<Int>] = [:]

  private struct Key: Hashable {
    var name: String
    var position: Int
  }

  /// Whether `tokens` are a sentence of the rule `name`. Line breaks before `->` do not count.
  static func accepts(_ tokens: [ProgramGenerator.Token], as name: String, _ grammar: Grammar) -> Bool {
    let kept = tokens.indices.filter { index in
      guard tokens[index] == .newline else { return true }
      return tokens[index...].first { $0 != .newline }?.text != "->"
    }
    var recognizer = Recognizer(grammar: grammar, tokens: kept.map { tokens[$0] })
    return recognizer.ends(.reference(name), 0).contains(kept.count)
  }

  private init(grammar: Grammar, tokens: [ProgramGenerator.Token]) {
    self.grammar = grammar
    self.tokens = tokens
  }

  /// Where sentences of `rule` that begin at `position` may end.
  private mutating func ends(_ rule: Grammar.Rule, _ position: Int) -> Set<Int> {
    switch rule {
    case .literal(let text):
      guard position < tokens.count, tokens[position].text == text else { return [] }
      return ["STRING", "TEXT"].contains(tokens[position].name) ? [] : [position + 1]
    case .range: return []
    case .sequence(let rules):
      var current: Set = [position]
      for rule in rules { current = Set(current.flatMap { ends(rule, $0) }) }
      return current
    case .choice(let rules): return Set(rules.flatMap { ends($0, position) })
    case .optional(let rule): return ends(rule, position).union([position])
    case .repetition(let rule):
      var found: Set = [position]
      var rest = [position]
      while let start = rest.popLast() {
        for end in ends(rule, start) where found.insert(end).inserted { rest.append(end) }
      }
      return found
    case .reference("NL"):
      if position < tokens.count, tokens[position] == .newline { return [position + 1] }
      return position == tokens.count || tokens[position].text == "}" ? [position] : []
    case .reference(let name) where Grammar.isToken(name):
      return position < tokens.count && isToken(tokens[position], name) ? [position + 1] : []
    case .reference(let name):
      let key = Key(name: name, position: position)
      if let ends = known[key] { return ends }
      let found = grammar.rules[name].map { ends($0, position) } ?? []
      known[key] = found
      return found
    }
  }

  /// Words such as `tensor` and `epochs` are names where they do not mean anything.
  private func isToken(_ token: ProgramGenerator.Token, _ name: String) -> Bool {
    let isReserved = grammar.reservedWords.contains(token.text)
    switch name {
    case "NAME":
      return token.name == "NAME" || token.name == nil && !isReserved && token.text.first?.isLetter == true
    case "RESERVED": return token.name != "STRING" && isReserved
    case "STRING": return token.name == "STRING" || token.name == "TEXT"
    case "TEXT": return token.name == "TEXT" || token.name == "STRING" && token.text.count > 2
    default: return token.name == name
    }
  }
}
