#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes pictures as PNG (ISO/IEC 15948): 8 bits, grey or red, green and blue. Compressed where zlib is installed, else stored.
package enum PNGWriter {
  /// A file of a picture: rows of pixels of `channels` bytes, 1 or 3; `bytes` has `width * height * channels` of them.
  package static func file(width: Int, height: Int, channels: Int, bytes: [UInt8]) -> [UInt8] {
    precondition(width > 0 && height > 0 && [1, 3].contains(channels) && bytes.count == width * height * channels)
    // Each row starts with its filter: none.
    var rows: [UInt8] = []
    rows.reserveCapacity(bytes.count + height)
    for row in 0..<height {
      rows.append(0)
      rows += bytes[(row * width * channels)..<((row + 1) * width * channels)]
    }
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    return PNGChunks.signature + chunk("IHDR", header) + chunk("IDAT", compressed(rows) ?? stored(rows))
      + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(checksum(body))
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  /// The cyclic redundancy check of annex D.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  /// A zlib stream (RFC 1950) of blocks that are not compressed.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    let most = 0xFFFF
    for start in stride(from: 0, to: bytes.count, by: most) {
      let count = UInt16(min(most, bytes.count - start))
      result.append(start + Int(count) == bytes.count ? 1 : 0)
      for number in [count, ~count] {
        result += [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
      }
      result += bytes[start..<(start + Int(count))]
    }
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return result + bigEndian(b << 16 | a)
  }

  private typealias Compress =
    @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<UInt>, UnsafeRawPointer, UInt, Int32) -> Int32

  private static let library = dlopen(ZlibLibrary.fileName, RTLD_NOW).flatMap { dlsym($0, "compress2") }
    .map { unsafeBitCast($0, to: Compress.self) }

  /// A zlib stream; nil where zlib is not installed.
  private static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    guard let library else { return nil }
    // More than zlib's compressBound.
    var count = UInt(bytes.count + bytes.count / 1000 + 64)
    var isDone = false
    let result = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      guard let memory = buffer.baseAddress else { return }
      isDone = bytes.withUnsafeBytes { source in
        source.baseAddress.map { library(memory, &count, $0, UInt(source.count), 6) == 0 } ?? false
      }
      initialized = isDone ? Int(count) : 0
    }
    return isDone ? result : nil
  }
}
