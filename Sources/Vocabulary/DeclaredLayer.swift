/// A layer that is declared by `layer` and passed to a word. It holds arguments, which may hold layers: a class ends that circle.
package final class DeclaredLayer {
  package let name: String
  /// The path of its parameters.
  package let path: String
  package let word: any LayerWord.Type
  package let arguments: Arguments

  package init(name: String, path: String, word: any LayerWord.Type, arguments: Arguments) {
    self.name = name
    self.path = path
    self.word = word
    self.arguments = arguments
  }
}
