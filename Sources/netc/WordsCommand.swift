import ArgumentParser
import Semantics
import Source

/// `netc words [NAME…]`
struct WordsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "words", abstract: "Tells what the words of the language mean and which arguments they take.",
    discussion: "Without a name, prints all of them as the page docs/words.md.")

  @Argument(
    help: ArgumentHelp("A layer, loss, setting or another word.", valueName: "name"),
    completion: .list(WordsPage.names))
  var names: [String] = []

  mutating func execute() throws(Failure) {
    if names.isEmpty { return Terminal.result(WordsPage.text) }
    var texts: [String] = []
    for name in names {
      let text = WordsPage.text(of: name)
      guard !text.isEmpty else {
        let close = closestSpelling(of: name, among: WordsPage.names).map { "; did you mean `\($0)`?" } ?? ""
        throw Failure(.usage, "there is no word `\(name)`\(close)", help: "`netc words` lists them")
      }
      texts.append(text)
    }
    Terminal.result(texts.joined(separator: "\n"))
  }
}
