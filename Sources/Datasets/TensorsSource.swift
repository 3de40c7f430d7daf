/// Examples from a safetensors file: a tensor for each input and target, named as in the net, examples along the first axis.
enum TensorsSource {
  /// Throws `noInput` and `badData`.
  static func examples(
    path: String, shuffle: Bool, for declarations: [TensorDeclaration]
  ) throws(DataError) -> LoadedExamples {
    let file = try SafetensorsFile(path)
    var count: (examples: Int, of: String)?
    var entries: [SafetensorsHeader.Entry] = []
    for declaration in declarations {
      guard let entry = file.entry(declaration.name) else {
        let names = file.header.entries.prefix(8).map { DataError.quoted($0.name) }.joined(separator: ", ")
        throw DataError(
          .badData, path, "has no tensor `\(declaration.name)`",
          help: names.isEmpty
            ? "it has no tensor at all" : "it has \(names)\(file.header.entries.count > 8 ? ", …" : "")")
      }
      guard entry.shape.count == declaration.shape.count + 1, Array(entry.shape.dropFirst()) == declaration.shape else {
        throw DataError(
          .badData, path,
          "\(declaration.name) is \(declaration.type), the file holds \(entry.type.rawValue)\(DataError.written(entry.shape))",
          help:
            "the first axis is the example, the others must be \(declaration.shape.isEmpty ? "none" : DataError.written(declaration.shape))"
        )
      }
      if let count, count.examples != entry.shape[0] {
        throw DataError(
          .badData, path, "`\(count.of)` has \(count.examples) examples, `\(declaration.name)` has \(entry.shape[0])")
      }
      count = (entry.shape[0], declaration.name)
      entries.append(entry)
    }
    var tensors: [DataTensor] = []
    for (declaration, entry) in zip(declarations, entries) {
      tensors.append(try tensor(declaration, entry, of: file))
    }
    let unread = file.header.entries.map(\.name).filter { name in !declarations.contains { $0.name == name } }
    return LoadedExamples(
      tensors: tensors, count: count?.examples ?? 0, mayShuffle: shuffle, origin: path, unread: unread)
  }

  /// Whether the examples of an input stay the bytes that they are in the file.
  static func holdsBytes(_ declaration: TensorDeclaration, _ entry: SafetensorsHeader.Entry) -> Bool {
    declaration.role == .input && declaration.element == .float32 && entry.type == .u8
  }

  private static func tensor(
    _ declaration: TensorDeclaration, _ entry: SafetensorsHeader.Entry, of file: SafetensorsFile
  ) throws(DataError) -> DataTensor {
    switch declaration.element {
    case .float32 where holdsBytes(declaration, entry):
      return DataTensor(declaration, .bytes(try file.bytes(entry), values: (0..<256).map { Float($0) }))
    case .float32:
      let values = try file.floats(entry)
      if let wrong = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError(
          .badData, file.path, at: .example(wrong / max(1, declaration.checkedSize ?? 1)),
          "\(declaration.name) is \(values[wrong]), expected a finite number")
      }
      return DataTensor(declaration, .floats(values))
    case .index: return try declaration.tensor(of: file.integers(entry), path: file.path)
    case .bool:
      guard entry.type.isFloatingPoint else { return try declaration.tensor(of: file.integers(entry), path: file.path) }
      let values = try file.floats(entry)
      if let wrong = values.firstIndex(where: { $0 != 0 && $0 != 1 }) {
        throw declaration.outside(
          "\(values[wrong])", path: file.path, at: .example(wrong / max(1, declaration.checkedSize ?? 1)))
      }
      return DataTensor(declaration, .floats(values))
    }
  }
}
