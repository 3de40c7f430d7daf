import Datasets

/// `normalize(mean, std)` and `normalize(imagenet)`
package enum NormalizeTransform: DataTransformWord {
  package static let name = "normalize"
  package static let documentation =
    "(x - mean) / std, with one number for all or one for each channel; `imagenet` stands for those of photographs, for pictures up to 255 and for scaled ones."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("mean", .either([.choice(["imagenet"]), .number, .list(.number, count: 1...Int.max)])),
    .optional("std", .either([.number(.positive), .list(.number(.positive), count: 1...Int.max)]), "1"),
    transformedTensors,
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    let tensors = arguments.texts("tensors")
    if arguments.text("mean") == "imagenet" {
      if arguments.has("std") { throw .argument("std", reason: "is already part of `imagenet`") }
      guard case .normalize(let mean, let deviation, let ofPictures, _) = DataTransform.imagenet else {
        return .imagenet
      }
      return .normalize(mean: mean, deviation: deviation, ofPictures: ofPictures, tensors: tensors)
    }
    let mean = arguments.numbers("mean") ?? [arguments.number("mean", else: 0)]
    let deviation = arguments.numbers("std") ?? [arguments.number("std", else: 1)]
    guard mean.count == deviation.count || mean.count == 1 || deviation.count == 1 else {
      throw .argument("std", reason: "must have as many numbers as `mean`: \(mean.count)")
    }
    let count = max(mean.count, deviation.count)
    return .normalize(
      mean: mean.count == count ? mean : [Double](repeating: mean[0], count: count),
      deviation: deviation.count == count ? deviation : [Double](repeating: deviation[0], count: count),
      tensors: tensors)
  }
}
