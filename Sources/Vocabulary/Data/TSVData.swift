import Datasets

/// `tsv(file, x=[columns], y=column)`
package enum TSVData: DataSourceWord {
  package static let name = "tsv"
  package static let documentation =
    "A table whose fields are separated by tabs; each input and target names its columns."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("file", .text)]
  package static let namedTensors: ArgumentKind? = columnsKind

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    try table(arguments, .tsv)
  }
}
