/// A layer that is declared by `layer` and passed to a word.
package struct DeclaredLayer {
  package var name: String
  /// The path of its parameters.
  package var path: String
  package var word: any LayerWord.Type
  package var arguments: Arguments

  package init(name: String, path: String, word: any LayerWord.Type, arguments: Arguments) {
    self.name = name
    self.path = path
    self.word = word
    self.arguments = arguments
  }
}
