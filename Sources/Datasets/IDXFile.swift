/// A file of unsigned bytes in the IDX format of the MNIST database: two zero bytes, the type, the rank, the sizes (32 bits, big-endian),
/// the numbers; perhaps compressed by gzip, whatever its name says.
struct IDXFile {
  var path: String
  var sizes: [Int]
  var bytes: [UInt8]

  /// Reads `path`, which should hold `rank` dimensions of `content` ("images", "labels"). Throws `noInput` and `badData`; what the
  /// header declares is compared with the size of the file before anything is allocated.
  init(_ path: String, rank: Int, content: String) throws(DataError) {
    let file = try InputFile(path)
    guard file.size > 0 else { throw DataError(.badData, path, "is empty, expected \(content) in the IDX format") }
    let gzip = try GzipReader.recognizes(file) ? GzipReader(file) : nil
    let headerSize = 4 + 4 * rank
    let header = try Self.read(file, gzip, at: 0, count: headerSize)
    guard header.count == headerSize else {
      throw DataError(
        .badData, path, at: .byte(header.count), "ends within the IDX header of \(headerSize) bytes",
        help: "the file was cut short")
    }
    guard header[0] == 0, header[1] == 0, header[2] == 0x08, Int(header[3]) == rank else {
      throw Self.wrongHeader(header, path: path, rank: rank, content: content)
    }
    let sizes = (0..<rank).map { axis in header[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) } }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw DataError(.badData, path, "declares \(Self.written(sizes)) bytes: too many") }
      count = product
    }
    guard count > 0 else { throw DataError(.badData, path, "declares \(Self.written(sizes)): no \(content)") }
    let largest =
      gzip == nil ? file.size : file.size.multipliedReportingOverflow(by: GzipReader.largestRatio).partialValue
    guard count <= largest - headerSize else {
      throw DataError(
        .badData, path,
        "declares \(Self.written(sizes)) = \(count) bytes after its header, "
          + (gzip == nil ? "has \(file.size - headerSize)" : "which \(file.size) compressed bytes cannot hold"),
        help: "the file was cut short, or its header is wrong")
    }
    self.path = path
    self.sizes = sizes
    bytes = try Self.read(file, gzip, at: headerSize, count: count)
    guard bytes.count == count else {
      throw DataError(
        .badData, path, "declares \(Self.written(sizes)) = \(count) bytes after its header, has \(bytes.count)",
        help: "the file was cut short")
    }
    guard try Self.read(file, gzip, at: headerSize + count, count: 1).isEmpty else {
      throw DataError(.badData, path, "goes on after the \(Self.written(sizes)) bytes that its header declares")
    }
  }

  /// Up to `count` bytes of the content; fewer only at its end. `offset` serves plain files, gzip goes on where it was.
  private static func read(_ file: InputFile, _ gzip: GzipReader?, at offset: Int, count: Int) throws(DataError)
    -> [UInt8]
  {
    var failure: DataError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let output = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      do throws(DataError) {
        initialized = if let gzip { try gzip.readUpTo(output) } else { try file.readUpTo(output, at: offset) }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func wrongHeader(_ header: [UInt8], path: String, rank: Int, content: String) -> DataError {
    guard header[0] == 0, header[1] == 0, (0x08...0x0E).contains(header[2]), (1...8).contains(header[3]) else {
      let start = header.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      return DataError(
        .badData, path, at: .byte(0), "is not an IDX file of bytes: expected 00 00 08 0\(rank), got \(start)")
    }
    if header[2] != 0x08 {
      return DataError(
        .badData, path, at: .byte(2), "holds numbers of type 0x0\(String(header[2], radix: 16)), expected bytes (0x08)")
    }
    let guess = [1: "labels", 3: "images"][Int(header[3])].map { " (\($0))" } ?? ""
    return DataError(
      .badData, path, at: .byte(3), "has \(header[3]) dimensions\(guess), expected \(rank) (\(content))",
      help: "the file seems to have the wrong name")
  }

  private static func written(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: " x ") }
}
