import Testing
import Vocabulary

/// What every word of the catalogues must have.
@Suite struct WordTests {
  static let catalogues: [(name: String, words: [any Word.Type])] = [
    ("layers", layerCatalogue), ("functions", functionCatalogue), ("values", valueCatalogue), ("losses", lossCatalogue),
    ("metrics", metricCatalogue),
    ("optimizers", optimizerCatalogue), ("schedules", scheduleCatalogue), ("initialisers", initializerCatalogue),
    ("sources", dataSourceCatalogue), ("transforms", dataTransformCatalogue), ("rules", ruleCatalogue),
  ]

  @Test func namesAreUnique() {
    for (name, words) in Self.catalogues {
      #expect(Set(words.map { $0.name }).count == words.count, "\(name)")
    }
  }

  @Test func wordsAreDocumented() {
    for word in Self.catalogues.flatMap(\.words) {
      #expect(word.documentation.hasSuffix(".") && word.documentation.count > 6, "\(word.name)")
    }
  }

  /// Arguments without a name come first, the required ones before those that may be left out.
  @Test func schemasAreInOrder() {
    for word in Self.catalogues.flatMap(\.words) {
      let ranks = word.schema.map { $0.isNamedOnly ? 3 : $0.isRepeated ? 2 : $0.presence == .required ? 0 : 1 }
      #expect(ranks == ranks.sorted(), "\(word.name)")
      #expect(Set(word.schema.map(\.name)).count == word.schema.count, "\(word.name)")
    }
  }
}
