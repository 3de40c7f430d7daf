import Datasets

/// `random_resized_crop(size, scale=[0.08, 1.0])`
package enum RandomResizedCropTransform: DataTransformWord {
  package static let name = "random_resized_crop"
  package static let documentation =
    "A random part of each picture, enlarged or shrunk to this size; `scale` bounds its share of the area."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("height", .whole(atLeast: 1)), .optional("width", .whole(atLeast: 1), "height"),
    .optional("scale", .list(.number(.unit), count: 2...2), "[0.08, 1.0]", namedOnly: true),
    .optional("ratio", .list(.number(.positive), count: 2...2), "[0.75, 1.3333]", namedOnly: true),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    let height = arguments.whole("height", else: 1)
    return .picture(
      .randomResizedCrop(
        height: height, width: arguments.whole("width", else: height),
        scale: try range("scale", arguments, else: 0.08...1),
        ratio: try range("ratio", arguments, else: 3.0 / 4...4.0 / 3)))
  }

  /// Two numbers above 0, the smaller one first.
  private static func range(
    _ name: String, _ arguments: Arguments, else other: ClosedRange<Double>
  ) throws(WordError) -> ClosedRange<Double> {
    guard let numbers = arguments.numbers(name) else { return other }
    guard numbers.count == 2, numbers[0] > 0, numbers[0] <= numbers[1] else {
      throw .argument(name, reason: "must be two numbers above 0, the smaller one first")
    }
    return numbers[0]...numbers[1]
  }
}
