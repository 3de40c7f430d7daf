import Datasets

/// `text(file)`
package enum TextData: DataSourceWord {
  package static let name = "text"
  package static let documentation =
    "One long text, of which every example is a window; a target is the same window one place later."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("file", .text)]

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    .text(path: arguments.text("file") ?? "")
  }
}
