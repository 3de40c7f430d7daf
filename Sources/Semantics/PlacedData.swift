import Datasets
import Source
import Syntax
import Vocabulary

/// A source of data with its transforms, and where they stand.
struct PlacedData {
  /// `data` or `validation`.
  var setting: String
  /// The word of the source.
  var word: String
  var source: DataSource
  var bound: BoundCall
  /// Where the source's word stands.
  var place: SourceSpan
  var transforms: [PlacedTransform]
  var flow: FlowSyntax
}

/// A transform of data with where it stands.
struct PlacedTransform {
  var word: String
  var transform: DataTransform
  var bound: BoundCall
  /// Where the word stands.
  var place: SourceSpan
  /// The word with its arguments.
  var stage: SourceSpan

  /// Whether it changes pictures that are not numbers yet.
  var isOfPictures: Bool { if case .picture = transform { true } else { false } }

  /// Whether it makes numbers of a text.
  var isOfText: Bool { if case .tokens = transform { true } else { false } }

  /// Whether it changes numbers.
  var isOfNumbers: Bool {
    switch transform {
    case .scale, .normalize, .standardize, .minMax: true
    case .tokens, .picture, .mixup: false
    }
  }

  /// Whether its numbers come from the training part.
  var hasStatistics: Bool {
    switch transform {
    case .standardize, .minMax: true
    default: false
    }
  }
}

/// An input of the net or a target, which data has to fit.
struct DeclaredTensor {
  var name: String
  var type: ExampleType
  /// Where its name stands.
  var place: SourceSpan
  var isInput: Bool

  /// A row of whole numbers, as transforms of text make it.
  var isRowOfIndices: Bool { if case .index = type.element { type.rank == 1 } else { false } }
}

extension DataSource {
  /// What its examples are, in the plural; for messages.
  var contents: String {
    switch self {
    case .digits: "pictures that are numbers already"
    case .idx: "pictures that are numbers already"
    case .imageFolder: "pictures"
    case .table: "rows of a table"
    case .tensors: "tensors of numbers"
    case .text: "a long text"
    case .split, .unsupported: "examples"
    }
  }
}
