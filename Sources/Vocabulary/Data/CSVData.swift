import Datasets

/// `csv(file, x=[columns], y=column)`
package enum CSVData: DataSourceWord {
  package static let name = "csv"
  package static let documentation =
    "A table whose fields are separated by commas; each input and target names its columns."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("file", .text)]
  package static let namedTensors: ArgumentKind? = columnsKind

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    try table(arguments, .csv)
  }
}

/// A column, or a list of columns, by title or position.
let columnsKind = ArgumentKind.either([.name(numbers: true), .list(.name(numbers: true), count: 1...Int.max)])

/// The common way of `csv` and `tsv`.
func table(_ arguments: Arguments, _ delimiter: TableDelimiter) throws(WordError) -> DataSource {
  func column(_ value: ArgumentValue) -> TableColumn? {
    value.whole.map(TableColumn.position) ?? value.text.map(TableColumn.title)
  }
  let tensors = arguments.namedTensors.map { name, value in
    if case .list(let list) = value { return TableTensor(name, columns: list.compactMap(column)) }
    return TableTensor(name, columns: [value].compactMap(column))
  }
  return .table(TableDescription(path: arguments.text("file") ?? "", delimiter: delimiter, tensors: tensors))
}
