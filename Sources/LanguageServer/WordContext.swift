import Vocabulary

/// Where in a file a word stands: decides which words there are.
enum WordContext: Equatable {
  /// In the body of a net or block.
  case net
  /// The value of a setting of `train`.
  case setting(String)
  case initializer
  /// A value of compile time.
  case constant

  /// The words that may start a value here.
  var heads: [any Word.Type] {
    switch self {
    case .net: functionCatalogue
    case .initializer, .setting("init"): initializerCatalogue
    case .setting("data"), .setting("validation"): dataSourceCatalogue
    case .setting("loss"): lossCatalogue
    case .setting("metrics"): metricCatalogue
    case .setting("optimizer"): optimizerCatalogue
    case .setting("schedule"): scheduleCatalogue
    case .setting("checkpoint"), .setting("early_stop"), .setting("weights"): ruleCatalogue
    case .setting, .constant: []
    }
  }

  /// The words that may follow `->` here.
  var stages: [any Word.Type] {
    switch self {
    case .net: layerCatalogue
    case .setting("data"), .setting("validation"): dataTransformCatalogue
    case .setting("schedule"): scheduleCatalogue
    case .initializer, .setting, .constant: []
    }
  }

  /// The word of a name.
  func word(_ name: String) -> (any Word.Type)? {
    if self == .net {
      return layerCatalogue.first { $0.name == name } ?? valueCatalogue.first { $0.name == name }
        ?? functionCatalogue.first { $0.name == name }
    }
    return (heads + stages).first { $0.name == name }
  }
}
