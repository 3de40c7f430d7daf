import Foundation
import Semantics
import Testing
import Vocabulary

/// `docs/words.md` is what the catalogues say; `UPDATE_GOLDEN=1` writes it anew.
@Suite struct WordsPageTests {
  @Test func theDocumentHoldsEveryWord() throws {
    let golden = packageRoot.appending(path: "docs/words.md")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try WordsPage.text.write(to: golden, atomically: true, encoding: .utf8)
    }
    let known = try String(contentsOf: golden, encoding: .utf8)
    #expect(known == WordsPage.text, "UPDATE_GOLDEN=1 writes the page anew")
    for word in WordTests.catalogues.flatMap(\.words) {
      #expect(known.contains("### `\(word.name)"), "\(word.name)")
      #expect(WordsPage.text(of: word.name).contains(word.documentation))
    }
  }

  @Test func whatIsNoWordHasNoText() { #expect(WordsPage.text(of: "nothing").isEmpty) }
}
