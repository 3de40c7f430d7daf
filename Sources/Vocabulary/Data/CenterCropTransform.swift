import Datasets

/// `center_crop(size)`
package enum CenterCropTransform: DataTransformWord {
  package static let name = "center_crop"
  package static let documentation = "The middle part of each picture, of this height and width."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("height", .whole(atLeast: 1)), .optional("width", .whole(atLeast: 1), "height"),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    let height = arguments.whole("height", else: 1)
    return .picture(.centerCrop(height: height, width: arguments.whole("width", else: height)))
  }
}
