/// Takes the messages out of a stream of bytes: a header with `Content-Length`, a blank line, the body (Language Server Protocol,
/// "Base Protocol").
package struct MessageStream {
  /// What was found in the stream.
  package enum Event: Hashable, Sendable {
    case message([UInt8])
    /// A header that gives no usable length, or a message that is too large; it was left out. Says why.
    case unusable(String)
  }

  /// The largest body that is read; no file comes near it.
  package static let limit = 256 << 20
  private static let headerLimit = 1 << 14

  private var buffer: [UInt8] = []
  /// Where what has not been looked at starts.
  private var position = 0
  /// How much of a body that is left out is still to come.
  private var skipped = 0

  package init() {}

  /// Adds what was read.
  package mutating func append(_ bytes: [UInt8]) {
    if position > 0, position == buffer.count || position > 1 << 20 {
      buffer.removeFirst(position)
      position = 0
    }
    buffer += bytes
  }

  /// The next event; nil when more must be read first.
  package mutating func next() -> Event? {
    if skipped > 0 {
      let count = min(skipped, buffer.count - position)
      position += count
      skipped -= count
      if skipped > 0 { return nil }
    }
    guard let headerEnd = headerEnd() else {
      guard buffer.count - position > Self.headerLimit else { return nil }
      position = buffer.count
      return .unusable("a header has no end")
    }
    let header = String(decoding: buffer[position..<headerEnd.start], as: UTF8.self)
    guard let length = Self.contentLength(header) else {
      position = headerEnd.end
      return .unusable("a header has no Content-Length")
    }
    guard length <= Self.limit else {
      position = headerEnd.end
      skipped = length
      return .unusable("a message of \(length) bytes is too large")
    }
    guard buffer.count - headerEnd.end >= length else { return nil }
    position = headerEnd.end + length
    return .message(Array(buffer[headerEnd.end..<position]))
  }

  /// Where the header ends and where the body starts: at a blank line.
  private func headerEnd() -> (start: Int, end: Int)? {
    var index = position
    while index + 3 < buffer.count, index - position <= Self.headerLimit {
      if buffer[index] == 0x0D, buffer[index + 1] == 0x0A, buffer[index + 2] == 0x0D, buffer[index + 3] == 0x0A {
        return (index, index + 4)
      }
      index += 1
    }
    return nil
  }

  private static func contentLength(_ header: String) -> Int? {
    for line in header.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":")
      // What a message of a wrong length left behind may stand before it: the stream is in step again with this one.
      guard parts.count > 1, parts[parts.count - 2].lowercased().hasSuffix("content-length") else { continue }
      let digits = parts[parts.count - 1].filter { $0 != " " }
      return Int(digits).flatMap { $0 >= 0 ? $0 : nil }
    }
    return nil
  }
}
