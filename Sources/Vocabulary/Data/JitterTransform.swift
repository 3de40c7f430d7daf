import Datasets

/// `jitter`
package enum JitterTransform: DataTransformWord {
  package static let name = "jitter"
  package static let documentation =
    "Changes brightness, contrast and saturation of each picture by random factors of at most so much."
  package static let schema: [ArgumentSchema] = [
    .optional("brightness", .number(.notNegative), "0"), .optional("contrast", .number(.notNegative), "0"),
    .optional("saturation", .number(.notNegative), "0"),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .picture(
      .jitter(
        brightness: arguments.number("brightness", else: 0), contrast: arguments.number("contrast", else: 0),
        saturation: arguments.number("saturation", else: 0)))
  }
}
