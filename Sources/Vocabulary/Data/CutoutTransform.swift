import Datasets

/// `cutout(size)`
package enum CutoutTransform: DataTransformWord {
  package static let name = "cutout"
  package static let documentation =
    "Blackens squares of `size` pixels around random places of each picture; at its edges a part of them."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("size", .whole(atLeast: 1)), .optional("holes", .whole(atLeast: 1), "1", namedOnly: true),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .picture(.cutout(size: arguments.whole("size", else: 1), holes: arguments.whole("holes", else: 1)))
  }
}
