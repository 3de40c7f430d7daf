import Foundation
import Semantics
import Source
import Syntax
import Testing
import Vocabulary

/// The lists of words in the TextMate grammar are those of the language. `UPDATE_GOLDEN=1` writes them.
@Suite struct EditorGrammarTests {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "grammar/vscode/syntaxes/net.tmLanguage.json")

  /// By the rule of the grammar that has them.
  private static let words: [String: [String]] = [
    "layers": layerCatalogue.map { $0.name } + valueCatalogue.map { $0.name },
    "functions": functionCatalogue.map { $0.name } + CompileTimeFunction.allCases.map(\.rawValue),
    "losses": lossCatalogue.map { $0.name }, "metrics": metricCatalogue.map { $0.name },
    "optimizers": optimizerCatalogue.map { $0.name }, "schedules": scheduleCatalogue.map { $0.name },
    "initializers": initializerCatalogue.map { $0.name }, "sources": dataSourceCatalogue.map { $0.name },
    "transforms": dataTransformCatalogue.map { $0.name }, "rules": ruleCatalogue.map { $0.name },
  ]

  private static func pattern(_ words: [String]) -> String {
    // A longer word first: `max` must not take the place of `max_pool`.
    #"\b(?:"# + words.sorted { ($1.count, $0) < ($0.count, $1) }.joined(separator: "|") + #")\b"#
  }

  private static let settings =
    #"^\s*("# + SettingName.allCases.map(\.rawValue).joined(separator: "|") + #")\s*(=)(?!=)"#

  private func repository() throws -> [String: [String: Any]] {
    let parsed = try JSONSerialization.jsonObject(with: try Data(contentsOf: Self.path)) as? [String: Any]
    return try #require(parsed?["repository"] as? [String: [String: Any]])
  }

  @Test func listsAreThoseOfTheLanguage() throws {
    var expected = Self.words.mapValues(Self.pattern)
    expected["setting"] = Self.settings
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil { try write(expected) }
    let repository = try repository()
    for (rule, pattern) in expected {
      #expect(
        repository[rule]?["match"] as? String == pattern,
        "the rule `\(rule)` of the grammar for editors is old: UPDATE_GOLDEN=1 swift test --filter EditorGrammarTests")
    }
  }

  private func write(_ patterns: [String: String]) throws {
    var text = try String(contentsOf: Self.path, encoding: .utf8)
    for (rule, pattern) in patterns {
      let start = try #require(text.range(of: "    \"\(rule)\": {\n      \"match\": \""))
      let end = try #require(text.range(of: "\",\n", range: start.upperBound..<text.endIndex))
      text.replaceSubrange(
        start.upperBound..<end.lowerBound, with: pattern.replacingOccurrences(of: "\\", with: "\\\\"))
    }
    try Data(text.utf8).write(to: Self.path)
  }

  /// Every reserved word stands in one of the rules, and nothing else does.
  @Test func reservedWordsAreAllThere() throws {
    let text = String(decoding: try Data(contentsOf: Self.path), as: UTF8.self)
    let rules = ["declaration", "import", "statement", "control", "logic", "constant"]
    let repository = try repository()
    var found: Set<String> = []
    for rule in rules {
      let patterns = repository[rule]?["patterns"] as? [[String: Any]] ?? [repository[rule] ?? [:]]
      for pattern in patterns {
        let match = pattern["match"] as? String ?? ""
        // Lists of words stand in groups: `(net|block|train)`.
        for group in match.matches(of: /\((?:\?:)?([a-z]+(?:\|[a-z]+)*)\)/) {
          found.formUnion(group.1.split(separator: "|").map(String.init))
        }
      }
    }
    #expect(found == Set(TokenKind.words.keys))
    #expect(text.contains("f32|bool|index"))
  }
}
