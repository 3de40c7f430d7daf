import Source
import Syntax
import Vocabulary

/// A declared name.
struct Symbol {
  /// Where a name is declared; the same for every reading of the same text.
  struct ID: Hashable {
    var path: String
    var start: Int
  }

  enum Kind: String {
    case net, block, constant, parameter, dimension, input, binding, output, layer, label, target, variable
  }

  var kind: Kind
  var name: String
  /// The name where it is declared.
  var declaration: SourceSpan
  /// The net or block that holds it; nil for what a file declares.
  var owner: NetSyntax?

  /// Whether it is a label in quotes, which may be any text.
  var isQuoted: Bool { declaration.text.hasPrefix("\"") }

  /// The word of a layer that is declared by `layer`, where it is one of those with several uses.
  var tiedWord: (any TiedWord.Type)? {
    for case .layer(let node) in owner?.body ?? [] where node.name.span == declaration {
      return layerCatalogue.first { $0.name == node.call.path[0].text } as? any TiedWord.Type
    }
    return nil
  }

  var id: ID { ID(path: declaration.file.path, start: declaration.start) }

  /// Whether labels and names of two kinds can be confused.
  func sharesNames(with other: Symbol) -> Bool {
    (kind == .label) == (other.kind == .label) && owner?.name.span == other.owner?.name.span
  }
}

/// What the names in one file stand for: found in the tree alone, so that it holds for files with mistakes too.
struct NameTable {
  /// A name in the text, and what it stands for.
  struct Occurrence {
    var span: SourceSpan
    var symbol: Symbol
  }

  /// A word of the language in the text.
  struct WordUse {
    var span: SourceSpan
    var word: any Word.Type
    /// The stage that calls it.
    var stage: SourceSpan?
  }

  /// Another use of a declared layer's weights in the text: the `unembed` of `tok.unembed`.
  struct TiedUse {
    var span: SourceSpan
    var layer: Symbol
    var word: any TiedWord.Type
    /// The stage that calls it.
    var stage: SourceSpan?
  }

  /// The name of an argument of a word.
  struct ArgumentUse {
    var span: SourceSpan
    var word: any Word.Type
    var schema: ArgumentSchema
  }

  /// A stage, and what of it stands for it: its label or the name that it calls.
  struct StageUse {
    var span: SourceSpan
    var places: [SourceSpan]
  }

  /// The names that can be read in a part of the file.
  struct Scope {
    var span: SourceSpan
    var symbols: [Symbol]
  }

  var occurrences: [Occurrence] = []
  var words: [WordUse] = []
  var tiedUses: [TiedUse] = []
  var arguments: [ArgumentUse] = []
  var stages: [StageUse] = []
  var settings: [SourceSpan] = []
  /// Of each body.
  var scopes: [Scope] = []
  /// The nets, blocks and constants that can be named in the file.
  var declared: [String: Symbol] = [:]
  var nets: [String: NetSyntax] = [:]

  /// What is written at `offset`.
  func occurrence(at offset: Int) -> Occurrence? { occurrences.first { $0.span.touches(offset) } }
}
