/// Reads the fields of a message of a protocol buffer.
struct ProtocolBuffer {
  enum Value {
    case varint(UInt64)
    case fixed64
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>
  private let path: String

  init(_ bytes: ArraySlice<UInt8>, path: String) {
    rest = bytes
    self.path = path
  }

  /// The next field; nil at the end. Throws `badData` for what is no message.
  mutating func next() throws(DataError) -> (number: Int, value: Value)? {
    if rest.isEmpty { return nil }
    let key = try varint()
    let number = Int(truncatingIfNeeded: key >> 3)
    switch key & 7 {
    case 0: return (number, .varint(try varint()))
    case 1:
      _ = try take(8)
      return (number, .fixed64)
    case 2:
      let length = try varint()
      guard length <= UInt64(rest.count) else { throw broken() }
      return (number, .bytes(try take(Int(length))))
    case 5: return (number, .fixed32(try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }))
    default: throw broken()
    }
  }

  private mutating func varint() throws(DataError) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw broken() }
      result |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte & 0x80 == 0 { return result }
    }
    throw broken()
  }

  private mutating func take(_ count: Int) throws(DataError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw broken() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private func broken() -> DataError {
    DataError(.badData, path, at: .byte(rest.startIndex), "is no SentencePiece model")
  }
}
