/// Makes programs out of a grammar, by chance.
struct ProgramGenerator {
  /// A token of a program, before it is laid out as text.
  struct Token: Hashable {
    var text: String
    /// The token's name in the grammar; nil for what stands in quotes there.
    var name: String?
    /// Whether the token is a brace around stages, within which line breaks do not count.
    var isOfGroup = false

    static let newline = Token(text: "\n", name: "NL")
  }

  /// One of the choices of a production.
  struct Alternative: Hashable {
    var production: String
    var rule: Grammar.Rule
  }

  private let grammar: Grammar
  /// The least number of references below each rule: chooses a way out where a program grows too long.
  private var heights: [String: Int] = [:]
  private let reserved: Set<String>
  private var random: Generator
  private(set) var taken: Set<Alternative> = []
  private var tokens: [Token] = []
  private var depth = 0
  /// How many tokens a program may have before it is brought to its end.
  private var size = 0

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    random = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
    reserved = grammar.reservedWords
    for name in Grammar.primitives { heights[name] = 0 }
    var changed = true
    while changed {
      changed = false
      for (name, rule) in grammar.rules where heights[name] == nil {
        guard let height = height(of: rule) else { continue }
        heights[name] = height + 1
        changed = true
      }
    }
  }

  /// The tokens of a program of the rule `name`, of about `size` tokens at most.
  mutating func program(_ name: String, size: Int) -> [Token] {
    tokens = []
    depth = 0
    self.size = size
    expand(.reference(name), in: name)
    return tokens
  }

  private var isEnding: Bool { tokens.count > size || depth > 120 }

  private mutating func expand(_ rule: Grammar.Rule, in production: String) {
    switch rule {
    case .literal(let text): tokens.append(Token(text: text, isOfGroup: production == "group"))
    case .range: break
    case .sequence(let rules): for rule in rules { expand(rule, in: production) }
    case .optional(let rule):
      if random.oneIn(isEnding ? 1_000 : 3) { expand(rule, in: production) }
    case .repetition(let rule):
      // Files and bodies are longer than lists.
      while depth > 3 || isEnding ? random.oneIn(isEnding ? 1_000 : 3) : !random.oneIn(4) {
        expand(rule, in: production)
      }
    case .choice(let rules):
      var index = Int.random(in: 0..<rules.count, using: &random)
      if isEnding { index = rules.indices.min { (height(of: rules[$0]) ?? 0) < (height(of: rules[$1]) ?? 0) } ?? index }
      taken.insert(Alternative(production: production, rule: rules[index]))
      expand(rules[index], in: production)
    case .reference("NL"): tokens.append(.newline)
    case .reference(let name) where Grammar.isToken(name):
      var text = spelling(.reference(name))
      while !isAllowed(text, as: name) { text = spelling(.reference(name)) }
      tokens.append(Token(text: text, name: name))
    case .reference(let name):
      guard let inner = grammar.rules[name] else { return }
      depth += 1
      expand(inner, in: name)
      depth -= 1
    }
  }

  /// The text of a rule of the lexical part.
  private mutating func spelling(_ rule: Grammar.Rule) -> String {
    switch rule {
    case .literal(let text): return text
    case .range(let first, let last):
      let values = first.unicodeScalars.first!.value...last.unicodeScalars.first!.value
      return String(Unicode.Scalar(UInt32.random(in: values, using: &random))!)
    case .sequence(let rules): return rules.map { spelling($0) }.joined()
    case .choice(let rules): return spelling(rules.randomElement(using: &random)!)
    case .optional(let rule): return random.oneIn(3) ? spelling(rule) : ""
    case .repetition(let rule):
      var text = ""
      while !random.oneIn(4) { text += spelling(rule) }
      return text
    case .reference("character"):
      return ["a", "Z", " ", "0", "'", "#", "-", ">", "{", ")", "\t", "é", "猫", "👩‍👩‍👧", "\u{301}"].randomElement(
        using: &random)!
    case .reference(let name): return grammar.rules[name].map { spelling($0) } ?? ""
    }
  }

  /// What the grammar says in words about tokens.
  private func isAllowed(_ text: String, as name: String) -> Bool {
    switch name {
    case "NAME": !reserved.contains(text) && !["True", "False", "None"].contains(text)
    case "NUMBER":
      text.contains { ".eE".contains($0) }
        ? isHeld(text.filter { $0 != "_" }) : Int(text.filter { $0 != "_" }) != nil
    default: true
    }
  }

  /// Whether a decimal number is neither too large nor too small, unless it is 0.
  private func isHeld(_ text: String) -> Bool {
    guard let value = Double(text), value.isFinite else { return false }
    let isZero = text.prefix { !"eE".contains($0) }.allSatisfy { "0.".contains($0) }
    return isZero || value >= Double(sign: .plus, exponent: -126, significand: 1)
  }

  private func height(of rule: Grammar.Rule) -> Int? {
    switch rule {
    case .literal, .range, .optional, .repetition: return 0
    case .reference(let name): return heights[name]
    case .sequence(let rules):
      let heights = rules.map { height(of: $0) }
      return heights.contains(nil) ? nil : heights.compactMap(\.self).max()
    case .choice(let rules): return rules.compactMap { height(of: $0) }.min()
    }
  }
}

/// Lays out tokens as the text of a file, with blanks, comments and line breaks wherever the grammar allows them.
struct ProgramLayout {
  private var random: Generator
  private var text = ""

  private static let marks = Set("-><=!*/".unicodeScalars)

  init(seed: UInt64) { random = Generator(state: seed &* 0xD134_2543_DE82_EF95 | 1) }

  mutating func lay(out tokens: [ProgramGenerator.Token]) -> String {
    text = random.oneIn(20) ? "\u{FEFF}" : ""
    var brackets = 0
    for (index, token) in tokens.enumerated() {
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      let previous = index > 0 ? tokens[index - 1] : nil
      if token == .newline {
        // The line break before the end of a body or of the file may be missing.
        if next == nil || next?.text == "}", random.oneIn(5) { continue }
        breakLine()
        continue
      }
      let isUnit = previous?.name == "NUMBER" && token.name == nil && token.text.first?.isLetter == true
      if token.text == "->" || brackets > 0, !isUnit, random.oneIn(6) {
        for _ in 0...Int.random(in: 0...2, using: &random) { breakLine() }
      } else if let last = text.unicodeScalars.last,
        needsBlank(last, token.text.unicodeScalars.first!) || !random.oneIn(3)
      {
        text += random.oneIn(8) ? " \t" : " "
      }
      text += token.text
      switch token.text {
      case "(", "[": brackets += 1
      case ")", "]": brackets -= 1
      case "{" where token.isOfGroup: brackets += 1
      case "}" where token.isOfGroup: brackets -= 1
      default: break
      }
    }
    return text
  }

  private mutating func breakLine() {
    if random.oneIn(4) { text += [" # \"a\\ comment -> {", "#", "\t# é 猫"].randomElement(using: &random)! }
    text += ["\n", "\n  ", "\r\n", "\r", "\n\n"].randomElement(using: &random)!
  }

  /// Whether two characters would become one token.
  private func needsBlank(_ last: Unicode.Scalar, _ first: Unicode.Scalar) -> Bool {
    func clings(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "_" || scalar == "." || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    return clings(last) && clings(first) || Self.marks.contains(last) && Self.marks.contains(first)
  }
}
