import Vocabulary

extension ArgumentKind {
  /// Whether a declared layer may be passed.
  var takesLayers: Bool {
    switch self {
    case .layer: true
    case .either(let kinds): kinds.contains(where: \.takesLayers)
    default: false
    }
  }

  /// Whether a whole number may be passed.
  var takesWholes: Bool {
    switch self {
    case .whole: true
    case .either(let kinds): kinds.contains(where: \.takesWholes)
    default: false
    }
  }

  /// Whether any number may be passed.
  var takesNumbers: Bool {
    switch self {
    case .whole, .number: true
    case .either(let kinds): kinds.contains(where: \.takesNumbers)
    default: false
    }
  }
}
