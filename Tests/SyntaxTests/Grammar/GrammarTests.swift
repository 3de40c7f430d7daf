import Source
import Syntax
import Testing

/// `grammar/net.ebnf` is the norm: these tests read it and hold the parser to it.
@Suite struct GrammarTests {
  let grammar: Grammar

  init() throws { grammar = try Grammar.ofNetFiles() }

  @Test func everyNameHasARule() {
    let known = Set(grammar.rules.keys).union(Grammar.primitives)
    for production in grammar.productions {
      #expect(production.rule.references.filter { !known.contains($0) } == [], "in \(production.name)")
    }
    let used = Set(grammar.productions.flatMap(\.rule.references))
    #expect(Set(grammar.rules.keys).subtracting(used) == ["file", "comment"])
    #expect(grammar.reservedWords.count == 22)
  }

  /// Programs made from the grammar by chance, every alternative of it among them.
  @Test func theParserAcceptsEverySentence() {
    var generator = ProgramGenerator(grammar, seed: 1)
    var accepted = 0
    var lengths = 0
    for index in 0..<2_000 {
      let tokens = generator.program("file", size: 20 + index % 300)
      var layout = ProgramLayout(seed: UInt64(index))
      let text = layout.lay(out: tokens)
      let diagnostics = parse(SourceFile(path: "generated.net", text: text)).1
      if diagnostics.isEmpty { accepted += 1 }
      lengths += tokens.count
      #expect(diagnostics.map(\.oneLine) == [], "program \(index):\n\(text)")
      if accepted < index - 3 { break }
    }
    #expect(accepted == 2_000)
    #expect(lengths > 2_000 * 50)
    for production in grammar.productions where production.name.first!.isLowercase {
      for alternative in alternatives(production.rule) where !lexical.contains(production.name) {
        let isTaken = generator.taken.contains(.init(production: production.name, rule: alternative))
        #expect(isTaken, "\(production.name) was never \(alternative)")
      }
    }
  }

  private let lexical: Set = ["letter", "digit", "digits", "escape", "comment"]

  private func alternatives(_ rule: Grammar.Rule) -> [Grammar.Rule] {
    switch rule {
    case .choice(let rules): rules + rules.flatMap(alternatives)
    case .sequence(let rules): rules.flatMap(alternatives)
    case .optional(let rule), .repetition(let rule): alternatives(rule)
    case .literal, .reference, .range: []
    }
  }

  /// Programs with one token too many, too few or wrong: the parser finds fault with those, and only those, that are no sentences.
  @Test func theParserRefusesWhatIsNoSentence() {
    var generator = ProgramGenerator(grammar, seed: 2)
    var random = Generator(state: 77)
    var refused = 0
    var differences = 0
    for _ in 0..<6_000 {
      var tokens = generator.program("file", size: 25)
      guard tokens.count < 120, let place = tokens.indices.randomElement(using: &random) else { continue }
      let other = tokens.randomElement(using: &random)!
      let isMovable = { (token: ProgramGenerator.Token) in token != .newline && token.text != "{" && token.text != "}" }
      guard isMovable(tokens[place]), isMovable(other) else { continue }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: tokens.remove(at: place)
      case 1: tokens[place] = other
      default: tokens.insert(other, at: place)
      }
      let text = tokens.map(\.text).joined(separator: " ")
      let isSentence = Recognizer.accepts(tokens, as: "file", grammar)
      let diagnostics = parse(SourceFile(path: "generated.net", text: text)).1
      if !isSentence { refused += 1 }
      if diagnostics.isEmpty != isSentence { differences += 1 }
      #expect(diagnostics.isEmpty == isSentence, "\(diagnostics.map(\.oneLine)):\n\(text)")
      if differences > 10 { break }
    }
    #expect(refused > 1_000)
  }
}
