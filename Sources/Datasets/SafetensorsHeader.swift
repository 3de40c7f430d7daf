/// The table of contents of a safetensors file (https://github.com/huggingface/safetensors, "Format"): eight bytes with the length of
/// a JSON text, the text, then the tensors' bytes. Stricter than the reference: no holes, no overlaps, no name twice, no unknown key,
/// at most 100 MB of text, and every size is checked against the file before anything is allocated for it.
package struct SafetensorsHeader: Hashable, Sendable {
  /// Where a tensor lies and what it holds.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var type: SafetensorsType
    package var shape: [Int]
    /// From the start of the file.
    package var offset: Int
    /// Bytes.
    package var size: Int

    package var count: Int { size / type.size }
  }

  /// Sorted by name.
  package var entries: [Entry]
  package var metadata: [String: String]

  /// The longest text that is read, as in the reference.
  package static let longestText = 100_000_000

  /// Checks `text`, the JSON of a file of `fileSize` bytes; throws `badData`.
  init(text: [UInt8], fileSize: Int, path: String) throws(DataError) {
    guard text.first == UInt8(ascii: "{") else {
      throw DataError(.badData, path, at: .byte(8), "is not a safetensors file: its header does not start with `{`")
    }
    let start = 8 + text.count
    var scanner = JSONScanner(text)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    do throws(JSONScanner.Failure) {
      try scanner.object { scanner, name throws(JSONScanner.Failure) in
        if name == "__metadata__" {
          try scanner.object { scanner, key throws(JSONScanner.Failure) in metadata[key] = try scanner.string() }
        } else {
          entries.append(try Self.entry(name, from: &scanner, dataStart: start, fileSize: fileSize))
        }
      }
      try scanner.end()
    } catch {
      throw DataError(.badData, path, at: .byte(8 + error.offset), "the safetensors header is wrong: " + error.problem)
    }
    try Self.checkLayout(entries, start: start, fileSize: fileSize, path: path)
    self.entries = entries.sorted { $0.name < $1.name }
    self.metadata = metadata
  }

  private static func entry(
    _ name: String, from scanner: inout JSONScanner, dataStart: Int, fileSize: Int
  ) throws(JSONScanner.Failure) -> Entry {
    var word: String?
    var shape: [Int]?
    var range: [Int]?
    let start = scanner.offset
    func failure(_ problem: String) -> JSONScanner.Failure {
      JSONScanner.Failure(offset: start, problem: "tensor \(DataError.quoted(name)) \(problem)")
    }
    try scanner.object { scanner, key throws(JSONScanner.Failure) in
      switch key {
      case "dtype": word = try scanner.string()
      case "shape": shape = try scanner.wholeNumbers(limit: 64)
      case "data_offsets": range = try scanner.wholeNumbers(limit: 2)
      default: throw failure("has an unknown key \(DataError.quoted(key))")
      }
    }
    guard let word, let shape, let range, range.count == 2 else {
      throw failure("lacks one of `dtype`, `shape` and two `data_offsets`")
    }
    guard let type = SafetensorsType(rawValue: word) else {
      let known = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure("has the type \(DataError.quoted(word)); netc reads \(known)")
    }
    guard range[0] <= range[1], range[1] <= fileSize - dataStart else {
      throw failure("lies at bytes \(range[0]) to \(range[1]) of \(fileSize - dataStart)")
    }
    var size = type.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw failure("has a shape that is too large: \(shape)") }
      size = product
    }
    guard size == range[1] - range[0] else {
      throw failure("is \(word)\(DataError.written(shape)), \(size) bytes, but \(range[1] - range[0]) are set aside")
    }
    return Entry(name: name, type: type, shape: shape, offset: dataStart + range[0], size: size)
  }

  private static func checkLayout(_ entries: [Entry], start: Int, fileSize: Int, path: String) throws(DataError) {
    var position = start
    var previous = "the header"
    for entry in entries.sorted(by: { ($0.offset, $0.size) < ($1.offset, $1.size) }) {
      guard entry.offset == position else {
        throw DataError(
          .badData, path, at: .byte(min(position, entry.offset)),
          entry.offset < position
            ? "tensors \(previous) and \(DataError.quoted(entry.name)) overlap"
            : "\(entry.offset - position) bytes between \(previous) and \(DataError.quoted(entry.name)) belong to no tensor"
        )
      }
      position += entry.size
      previous = DataError.quoted(entry.name)
    }
    guard position == fileSize else {
      throw DataError(
        .badData, path, at: .byte(position), "\(fileSize - position) bytes after the last tensor belong to no tensor")
    }
  }
}
