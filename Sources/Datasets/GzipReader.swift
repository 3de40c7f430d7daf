/// Decompresses a gzip file (RFC 1952; several members are one content) from its start to its end.
final class GzipReader {
  private let file: InputFile
  private let zlib: ZlibLibrary
  private let stream: UnsafeMutablePointer<ZlibLibrary.Stream>
  private let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
  private var position = 0
  private var memberEnded = false

  private static let ok: Int32 = 0
  private static let streamEnd: Int32 = 1
  private static let bufferError: Int32 = -5
  /// 15 bits of window, plus 16 for a gzip header.
  private static let gzipWindow: Int32 = 15 + 16
  /// Deflate cannot shrink anything further (zlib's technical details), so no content is larger than this times its file.
  static let largestRatio = 1_032

  init(_ file: InputFile, libraryName: String = ZlibLibrary.fileName) throws(DataError) {
    zlib = try ZlibLibrary.load(for: file.path, fileName: libraryName)
    self.file = file
    stream = .allocate(capacity: 1)
    stream.initialize(to: ZlibLibrary.Stream())
    let result = zlib.start(stream, Self.gzipWindow, "1", Int32(MemoryLayout<ZlibLibrary.Stream>.size))
    guard result == Self.ok else {
      throw DataError(.inputOutput, file.path, "zlib cannot start decompressing (status \(result))")
    }
  }

  deinit {
    _ = zlib.finish(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Whether `file` starts as gzip files do.
  static func recognizes(_ file: InputFile) throws(DataError) -> Bool {
    file.size >= 2 ? try file.bytes(at: 0, count: 2) == [0x1F, 0x8B] : false
  }

  /// Decompresses up to `output.count` more bytes; fewer only at the end of the content. Throws `badData`.
  func readUpTo(_ output: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var done = 0
    while done < output.count {
      if stream.pointee.availableIn == 0 {
        let count = try file.readUpTo(UnsafeMutableRawBufferPointer(input), at: position)
        position += count
        stream.pointee.nextIn = UnsafePointer(input.baseAddress)
        stream.pointee.availableIn = UInt32(count)
        if count == 0 {
          if memberEnded { return done }
          throw DataError(
            .badData, file.path, at: .byte(file.size), "ends in the middle of the compressed data",
            help: "the file was cut short")
        }
      }
      if memberEnded {
        _ = zlib.reset(stream)
        memberEnded = false
      }
      let room = min(output.count - done, Int(Int32.max))
      stream.pointee.nextOut = (output.baseAddress! + done).assumingMemoryBound(to: UInt8.self)
      stream.pointee.availableOut = UInt32(room)
      let result = zlib.inflate(stream, 0)
      done += room - Int(stream.pointee.availableOut)
      switch result {
      case Self.ok, Self.bufferError: break
      case Self.streamEnd: memberEnded = true
      default:
        let detail = stream.pointee.message.map { ": " + String(cString: $0) } ?? ""
        throw DataError(
          .badData, file.path, at: .byte(position - Int(stream.pointee.availableIn)), "is not valid gzip\(detail)",
          help: "the file is damaged")
      }
    }
    return done
  }
}
