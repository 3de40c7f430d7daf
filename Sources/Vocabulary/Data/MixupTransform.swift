import Datasets

/// `mixup(alpha)`
package enum MixupTransform: DataTransformWord {
  package static let name = "mixup"
  package static let documentation =
    "Mixes the examples of each training batch in pairs, and their losses alike; the share is drawn from the beta distribution of `alpha`."
  package static let schema: [ArgumentSchema] = [.optional("alpha", .number(.positive), "0.2")]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .mixup(alpha: arguments.number("alpha", else: 0.2))
  }
}
