import Datasets

/// `flip(p)`
package enum FlipTransform: DataTransformWord {
  package static let name = "flip"
  package static let documentation = "Exchanges left and right of a picture with probability `p`."
  package static let schema: [ArgumentSchema] = [.optional("p", .number(.unit), "0.5")]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .picture(.flip(arguments.number("p", else: 0.5)))
  }
}
