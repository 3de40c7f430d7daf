import Datasets

/// `random_resized_crop(size, scale=[0.08, 1.0])`
package enum RandomResizedCropTransform: DataTransformWord {
  package static let name = "random_resized_crop"
  package static let documentation =
    "A random part of pictures, brought to a size; `scale` bounds its share of the area."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("height", .whole(atLeast: 1)), .optional("width", .whole(atLeast: 1), "height"),
    .optional("scale", .list(.number(.unit), count: 2...2), "[0.08, 1.0]", namedOnly: true),
    .optional("ratio", .list(.number(.positive), count: 2...2), "[0.75, 1.3333]", namedOnly: true),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .unsupported(word: name)
  }
}
