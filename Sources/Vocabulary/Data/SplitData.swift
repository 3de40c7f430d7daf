import Datasets

/// `split(data, 0.2)`
package enum SplitData: DataSourceWord {
  package static let name = "split"
  package static let documentation =
    "A part taken away from `data`, for validation, with its share of every class. The seed decides which examples."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("data", .choice(["data"])), ArgumentSchema("fraction", .number(.fraction)),
    .optional("stratify", .flag, "true", namedOnly: true),
  ]

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    .split(
      fraction: arguments.number("fraction", else: 0.2), stratified: arguments.flag("stratify", else: true))
  }
}
