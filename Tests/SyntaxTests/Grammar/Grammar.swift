import Foundation

/// A grammar in EBNF, as `grammar/net.ebnf` is written.
struct Grammar {
  /// What a name of the grammar stands for, or a part of it.
  indirect enum Rule: Hashable {
    /// Text between quotes.
    case literal(String)
    case reference(String)
    case sequence([Rule])
    case choice([Rule])
    case optional(Rule)
    case repetition(Rule)
    /// One character from the first to the second.
    case range(String, String)
  }

  struct Production {
    var name: String
    var rule: Rule
    /// The text of the production without comments.
    var text: String
    /// The comments within the production and to its right.
    var remarks: [String]
  }

  /// Productions under a heading, with the comments that stand between them.
  struct Section {
    var title: String
    var productions: [Production] = []
    var remarks: [String] = []
  }

  /// The comment at the top.
  var introduction: String
  var sections: [Section]

  var productions: [Production] { sections.flatMap(\.productions) }

  /// The rules by name.
  let rules: [String: Rule]

  init(introduction: String, sections: [Section]) {
    self.introduction = introduction
    self.sections = sections
    rules = Dictionary(
      sections.flatMap(\.productions).map { ($0.name, $0.rule) }, uniquingKeysWith: { first, _ in first })
  }

  /// What has no rule: said in words.
  static let primitives: Set<String> = ["NL", "character"]

  /// Whether a name is that of a token: nothing stands between its parts.
  static func isToken(_ name: String) -> Bool { name.allSatisfy { $0.isUppercase } }

  /// The words that `RESERVED` lists.
  var reservedWords: Set<String> {
    guard case .choice(let words)? = rules["RESERVED"] else { return [] }
    return Set(words.compactMap { if case .literal(let word) = $0 { word } else { nil } })
  }

  /// `grammar/net.ebnf`.
  static func ofNetFiles() throws -> Grammar {
    let text = try String(contentsOf: packageRoot.appending(path: "grammar/net.ebnf"), encoding: .utf8)
    var reader = GrammarReader(text)
    return try reader.grammar()
  }
}

extension Grammar.Rule {
  /// The names that the rule refers to.
  var references: [String] {
    switch self {
    case .reference(let name): [name]
    case .sequence(let rules), .choice(let rules): rules.flatMap(\.references)
    case .optional(let rule), .repetition(let rule): rule.references
    case .literal, .range: []
    }
  }
}
