import Datasets

/// `digits("train")`: the embedded data.
package enum DigitsData: DataSourceWord {
  package static let name = "digits"
  package static let documentation = "The 1,797 handwritten digits of 8x8 pixels that netc brings along."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("part", .choice(["train", "test"]))]

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    .digits(arguments.text("part") == "test" ? .test : .train)
  }
}
