import Datasets

/// `random_crop(size)`
package enum RandomCropTransform: DataTransformWord {
  package static let name = "random_crop"
  package static let documentation = "A part of each picture of this height and width, at a random place."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("height", .whole(atLeast: 1)), .optional("width", .whole(atLeast: 1), "height"),
    .optional("pad", .whole(atLeast: 0), "0", namedOnly: true),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    let height = arguments.whole("height", else: 1)
    return .picture(
      .randomCrop(
        height: height, width: arguments.whole("width", else: height), pad: arguments.whole("pad", else: 0)))
  }
}
