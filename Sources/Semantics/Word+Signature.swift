import Vocabulary

extension Word {
  /// `out, kernel, stride=1`, for help.
  static var signature: String {
    schema.map { argument in
      switch argument.presence {
      case .required: argument.name
      case .optional(let text): argument.isRepeated ? "…" : "\(argument.name)=\(text.contains(" ") ? "…" : text)"
      }
    }.joined(separator: ", ")
  }
}
