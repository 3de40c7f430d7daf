/// Examples from a table of text, one a row.
struct TableSource {
  /// A tensor and where its numbers stand in a row.
  private struct Columns {
    var declaration: TensorDeclaration
    var positions: [Int]
    /// The columns' titles, or their numbers when the table has no header.
    var titles: [String]
    var values: TableValues
    /// What the rows of a column of text hold; nil for one of numbers and classes.
    var texts: [TextField]?
  }

  private let description: TableDescription
  private let path: String
  private let textNames: Set<String>
  private let skipsBadRows: Bool
  private var text: DelimitedText
  private var row: [DelimitedText.Field] = []

  /// Reads the table that `description` speaks of at `path`. `classNames` are those of the training part, by target, when there is
  /// one: the file's classes must be among them. `texts` names the tensors that are made of text. Throws `noInput`, `badData`, and `description` when names or sizes do not fit.
  static func examples(
    _ description: TableDescription, path: String, for declarations: [TensorDeclaration],
    classNames: [String: [String]],
    texts: Set<String> = [], skipsBadRows: Bool = false
  ) throws(DataError) -> LoadedExamples {
    let bytes = try InputFile(path).bytes()
    var source = TableSource(
      description: description, path: path,
      text: try DelimitedText(bytes, delimiter: description.delimiter, path: path),
      textNames: texts, skipsBadRows: skipsBadRows)
    return try source.read(declarations, classNames: classNames)
  }

  private init(
    description: TableDescription, path: String, text: DelimitedText, textNames: Set<String>, skipsBadRows: Bool
  ) {
    self.description = description
    self.skipsBadRows = skipsBadRows
    self.textNames = textNames
    self.path = path
    self.text = text
  }

  private mutating func read(
    _ declarations: [TensorDeclaration], classNames: [String: [String]]
  ) throws(DataError) -> LoadedExamples {
    guard let firstLine = try text.nextRow(&row) else { throw DataError(.badData, path, "has no rows") }
    let first = row.map { text.string($0) }
    var columns = try tensors(declarations, firstRow: first, classNames: classNames)
    var line: Int? = firstLine
    let hasHeader = hasHeader(first, columns)
    if hasHeader { line = try text.nextRow(&row) }
    let titles = hasHeader ? first : first.indices.map(String.init)
    for index in columns.indices { columns[index].titles = columns[index].positions.map { titles[$0] } }
    var lines: [Int32] = []
    var skipped: [DataError] = []
    while let current = line {
      let marks = columns.map { (values: $0.values.mark, texts: $0.texts?.count) }
      do throws(DataError) {
        try takeRow(line: current, fields: first.count, firstLine: firstLine, &columns)
        lines.append(Int32(clamping: current))
      } catch {
        guard skipsBadRows else { throw error }
        skipped.append(error)
        for (index, mark) in marks.enumerated() {
          columns[index].values.rewind(to: mark.values)
          if let texts = mark.texts { columns[index].texts?.removeSubrange(texts...) }
        }
      }
      line = try text.nextRow(&row)
    }
    guard !lines.isEmpty else {
      throw skipped.first ?? DataError(.badData, path, "has a header and no rows")
    }
    var tensors: [DataTensor] = []
    for column in columns {
      if let texts = column.texts {
        tensors.append(DataTensor(column.declaration, .texts(texts)))
      } else {
        tensors.append(try column.values.tensor(path: path))
      }
    }
    return LoadedExamples(tensors: tensors, count: lines.count, origin: path, lines: lines, skipped: skipped)
  }

  /// Appends the values of the present row.
  private func takeRow(
    line: Int, fields: Int, firstLine: Int, _ columns: inout [Columns]
  ) throws(DataError) {
    guard row.count == fields else {
      throw DataError(
        .badData, path, at: .line(line),
        "\(Self.counted(row.count)), expected \(fields) as in line \(firstLine)",
        help: description.delimiter == .csv ? "a field with a comma in it needs quotes" : nil)
    }
    for index in columns.indices {
      if columns[index].texts != nil {
        let text = try textField(columns[index], line: line)
        columns[index].texts?.append(text)
        continue
      }
      for (position, title) in zip(columns[index].positions, columns[index].titles) {
        do throws(TableValues.Failure) {
          try columns[index].values.append(text.string(row[position]))
        } catch {
          throw DataError(.badData, path, at: .line(line, column: title), error.problem, help: error.help)
        }
      }
    }
  }

  /// The text in a column of the present row.
  private func textField(_ column: Columns, line: Int) throws(DataError) -> TextField {
    let position = DataError.Position.line(line, column: column.titles[0])
    let field = row[column.positions[0]]
    if let wrong = Array(text.text[field.range]).firstInvalidByte {
      throw DataError(
        .badData, path, at: position, "is not UTF-8 from its byte \(wrong) on", help: "convert the file to UTF-8")
    }
    let string = text.string(field)
    guard !string.isEmpty else { throw DataError(.badData, path, at: position, "is empty: a text needs a character") }
    return TextField(string, at: position)
  }

  private static func counted(_ fields: Int) -> String { fields == 1 ? "1 field" : "\(fields) fields" }

  /// Finds the columns of every declared tensor.
  private func tensors(
    _ declarations: [TensorDeclaration], firstRow: [String], classNames: [String: [String]]
  ) throws(DataError) -> [Columns] {
    for tensor in description.tensors where !declarations.contains(where: { $0.name == tensor.name }) {
      let names = declarations.map { "`\($0.name)`" }.joined(separator: ", ")
      throw DataError(.description, path, "`\(tensor.name)` is no input and no target", help: "the net has \(names)")
    }
    var result: [Columns] = []
    for declaration in declarations {
      guard let tensor = description.tensors.first(where: { $0.name == declaration.name }) else {
        throw DataError(
          .description, path, "no column is named for `\(declaration.name)`",
          help: "write `\(description.delimiter.rawValue)(…, \(declaration.name)=…)`")
      }
      let isText = textNames.contains(declaration.name)
      guard declaration.checkedSize == tensor.columns.count || isText && tensor.columns.count == 1 else {
        throw DataError(
          .description, path,
          "\(declaration.name) is \(declaration.type), but is given \(tensor.columns.count) "
            + (tensor.columns.count == 1 ? "column" : "columns"),
          help: tensor.columns.count == 1 ? "text becomes numbers by `-> words(…)` or `-> chars`" : nil)
      }
      var positions: [Int] = []
      for column in tensor.columns { positions.append(try position(of: column, in: firstRow)) }
      result.append(
        Columns(
          declaration: declaration, positions: positions, titles: [],
          values: TableValues(declaration, knownClasses: classNames[declaration.name]),
          texts: isText ? [] : nil))
    }
    return result
  }

  private func position(of column: TableColumn, in firstRow: [String]) throws(DataError) -> Int {
    switch column {
    case .position(let position):
      guard firstRow.indices.contains(position) else {
        throw DataError(
          .badData, path, "has no column \(position)", help: "it has \(firstRow.count), numbered from 0")
      }
      return position
    case .title(let title):
      let found = firstRow.indices.filter { firstRow[$0] == title }
      guard let position = found.first else {
        let titles = firstRow.prefix(12).map { DataError.quoted($0) }.joined(separator: ", ")
        throw DataError(
          .badData, path, at: .line(1), "has no column titled `\(title)`",
          help: otherSeparator(firstRow) ?? "its titles are \(titles)\(firstRow.count > 12 ? ", …" : "")")
      }
      guard found.count == 1 else {
        throw DataError(
          .badData, path, at: .line(1), "\(found.count) columns are titled `\(title)`",
          help: "use the column's number, from 0")
      }
      return position
    }
  }

  /// What to do about a first row that is one field because its fields are separated by something else.
  private func otherSeparator(_ firstRow: [String]) -> String? {
    guard firstRow.count == 1, let only = firstRow.first else { return nil }
    switch description.delimiter {
    case .csv where only.contains("\t"): return "its fields are separated by tabs: read it by `tsv`"
    case .tsv where only.contains(","): return "its fields are separated by commas: read it by `csv`"
    default: break
    }
    return only.contains(";") ? "its fields are separated by semicolons: save it with commas" : nil
  }

  /// Titles need a header; without them, the first row is one when it has text where numbers are asked for.
  private func hasHeader(_ firstRow: [String], _ columns: [Columns]) -> Bool {
    let usesTitles = description.tensors.contains {
      $0.columns.contains { if case .title = $0 { true } else { false } }
    }
    return usesTitles
      || columns.contains { columns in
        columns.declaration.element == .float32
          && columns.positions.contains { TableValues.number(firstRow[$0]) == nil && !firstRow[$0].isEmpty }
      }
  }
}
