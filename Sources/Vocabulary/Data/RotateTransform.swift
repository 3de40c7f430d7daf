import Datasets

/// `rotate(degrees)`
package enum RotateTransform: DataTransformWord {
  package static let name = "rotate"
  package static let documentation = "Turns each picture by a random angle of up to so many degrees either way."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("degrees", .number(.notNegative))]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .picture(.rotate(arguments.number("degrees", else: 0)))
  }
}
