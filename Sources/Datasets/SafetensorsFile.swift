/// A safetensors file open for reading; its header is checked, its tensors are read on demand.
package struct SafetensorsFile: Sendable {
  package let header: SafetensorsHeader
  package var path: String { file.path }
  private let file: InputFile
  private let positions: [String: Int]

  /// Throws `noInput` and `badData`.
  package init(_ path: String) throws(DataError) {
    file = try InputFile(path)
    guard file.size > 0 else { throw DataError(.badData, path, "is empty, expected a safetensors file") }
    guard file.size >= 10 else {
      throw DataError(.badData, path, "is \(file.size) bytes, too short for a safetensors file")
    }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsHeader.longestText), length <= UInt64(file.size - 8) else {
      // The first bytes of an archive, which torch.save makes, and of what it made before.
      if [0x0403_4B50, 0x0A8A_0280].contains(length & 0xFFFF_FFFF) {
        throw DataError(
          .badData, path, "is an archive of Python objects, expected a safetensors file",
          help: "in PyTorch, save_file(model.state_dict(), …) of safetensors.torch writes one")
      }
      throw DataError(
        .badData, path, at: .byte(0),
        length <= UInt64(SafetensorsHeader.longestText)
          ? "the header should have \(length) bytes, the file has \(file.size - 8) more"
          : "is not a safetensors file: it starts with the header's length, here \(length) bytes")
    }
    header = try SafetensorsHeader(text: file.bytes(at: 8, count: Int(length)), fileSize: file.size, path: path)
    positions = Dictionary(uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
  }

  /// The tensor called `name`, if there is one.
  package func entry(_ name: String) -> SafetensorsHeader.Entry? { positions[name].map { header.entries[$0] } }

  /// Reads all of `entry` as Float32, row-major; `output.count` is the entry's count.
  package func read(
    _ entry: SafetensorsHeader.Entry, into output: UnsafeMutableBufferPointer<Float>
  ) throws(DataError) {
    precondition(output.count == entry.count)
    if entry.type == .f32 {
      return try file.read(UnsafeMutableRawBufferPointer(output), at: entry.offset)
    }
    try inPieces(entry) { bytes, range in
      entry.type.convert(bytes, to: UnsafeMutableBufferPointer(rebasing: output[range]))
    }
  }

  /// All of `entry` as Float32, row-major.
  package func floats(_ entry: SafetensorsHeader.Entry) throws(DataError) -> [Float] {
    var failure: DataError?
    let values = [Float](unsafeUninitializedCapacity: entry.count) { buffer, initialized in
      do throws(DataError) {
        try read(entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.count]))
        initialized = entry.count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return values
  }

  /// The bytes of all of `entry`, as they are in the file.
  package func bytes(_ entry: SafetensorsHeader.Entry) throws(DataError) -> [UInt8] {
    try file.bytes(at: entry.offset, count: entry.count * entry.type.size)
  }

  /// All of `entry` as Int64, row-major; throws `badData` when it holds floating-point numbers.
  package func integers(_ entry: SafetensorsHeader.Entry) throws(DataError) -> [Int64] {
    guard !entry.type.isFloatingPoint else {
      throw DataError(
        .badData, path, "tensor \(DataError.quoted(entry.name)) is \(entry.type.rawValue), expected whole numbers")
    }
    var values = [Int64](repeating: 0, count: entry.count)
    var failure: DataError?
    values.withUnsafeMutableBufferPointer { output in
      do throws(DataError) {
        try inPieces(entry) { bytes, range in
          entry.type.convert(bytes, to: UnsafeMutableBufferPointer(rebasing: output[range]))
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return values
  }

  /// Calls `body` with the bytes of at most 8,192 numbers at a time and their place in the tensor.
  private func inPieces(
    _ entry: SafetensorsHeader.Entry, _ body: (UnsafeRawBufferPointer, Range<Int>) -> Void
  ) throws(DataError) {
    let piece = 8_192
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * entry.type.size, alignment: 8)
    defer { scratch.deallocate() }
    var start = 0
    while start < entry.count {
      let end = min(entry.count, start + piece)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: scratch[..<((end - start) * entry.type.size)])
      try file.read(bytes, at: entry.offset + start * entry.type.size)
      body(UnsafeRawBufferPointer(bytes), start..<end)
      start = end
    }
  }
}
