extension JSON {
  /// Why a text is no JSON value, and at which byte.
  package struct Failure: Error, Hashable, CustomStringConvertible {
    package var offset: Int
    package var problem: String

    package var description: String { "at byte \(offset): \(problem)" }
  }

  /// Reads one value (RFC 8259) that is all of `bytes`. Half a surrogate pair in a string becomes U+FFFD: editors send them.
  /// Values may be nested 512 deep.
  package init(parsing bytes: [UInt8]) throws(Failure) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.value(depth: 0)
    try reader.end()
  }

  /// The member of an object; nil where there is none, or where this is no object.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == key }?.1
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  package var integer: Int? { if case .integer(let number) = self { number } else { nil } }

  /// Of a whole number too.
  package var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .float(let number): Double(number)
    default: nil
    }
  }

  package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  package var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  package var object: [(String, JSON)]? { if case .object(let members) = self { members } else { nil } }
}

/// Walks over the bytes of a JSON text.
private struct JSONReader {
  private static let depthLimit = 512
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func value(depth: Int) throws(JSON.Failure) -> JSON {
    guard depth < Self.depthLimit else { throw fail("values are nested too deep") }
    skipBlanks()
    guard offset < bytes.count else { throw fail("a value is expected, the text ends") }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  mutating func end() throws(JSON.Failure) {
    skipBlanks()
    if offset < bytes.count { throw fail("something follows the value") }
  }

  private mutating func object(_ depth: Int) throws(JSON.Failure) -> JSON {
    offset += 1
    var members: [(String, JSON)] = []
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw fail("a key is expected") }
      let key = try string()
      guard take(":") else { throw fail("`:` is expected") }
      members.append((key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw fail("`,` or `}` is expected") }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws(JSON.Failure) -> JSON {
    offset += 1
    var elements: [JSON] = []
    if take("]") { return .array([]) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw fail("`,` or `]` is expected") }
    return .array(elements)
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.Failure) -> JSON {
    let end = offset + word.utf8CodeUnitCount
    let isThere = word.withUTF8Buffer { end <= bytes.count && bytes[offset..<end].elementsEqual($0) }
    guard isThere else { throw fail("a value is expected") }
    offset = end
    return value
  }

  private mutating func number() throws(JSON.Failure) -> JSON {
    let start = offset
    var isWhole = true
    if peek == UInt8(ascii: "-") { offset += 1 }
    let first = offset
    digits()
    guard offset > first, offset - first == 1 || bytes[first] != UInt8(ascii: "0") else {
      throw fail("a value is expected")
    }
    if peek == UInt8(ascii: ".") {
      isWhole = false
      offset += 1
      guard digits() else { throw fail("a digit is expected") }
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      offset += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      guard digits() else { throw fail("a digit is expected") }
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else { throw fail("the number cannot be read") }
    return .number(number)
  }

  @discardableResult private mutating func digits() -> Bool {
    let start = offset
    while let byte = peek, byte >= 0x30, byte <= 0x39 { offset += 1 }
    return offset > start
  }

  private mutating func string() throws(JSON.Failure) -> String {
    offset += 1
    let start = offset
    while offset < bytes.count, bytes[offset] != 0x22, bytes[offset] != 0x5C, bytes[offset] >= 0x20 { offset += 1 }
    // Most strings have no escapes.
    if peek == 0x22 {
      offset += 1
      return String(decoding: bytes[start..<offset - 1], as: UTF8.self)
    }
    var text = Array(bytes[start..<offset])
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case 0x22:
        offset += 1
        return String(decoding: text, as: UTF8.self)
      case 0x5C:
        offset += 1
        text += String(Character(try escape())).utf8
      case 0..<0x20: throw fail("a control character in a string")
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw fail("a string without an end")
  }

  private mutating func escape() throws(JSON.Failure) -> Unicode.Scalar {
    guard let byte = peek else { throw fail("a string without an end") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexDigits()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // The second half of a pair, if it follows.
      guard unit < 0xDC00, bytes[offset...].starts(with: [0x5C, UInt8(ascii: "u")]) else { return "\u{FFFD}" }
      let before = offset
      offset += 2
      let low = try hexDigits()
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
      else {
        offset = before
        return "\u{FFFD}"
      }
      return scalar
    default: throw fail("an unknown escape")
    }
  }

  private mutating func hexDigits() throws(JSON.Failure) -> UInt32 {
    guard bytes.count - offset >= 4 else { throw fail("four hexadecimal digits are expected") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard bytes[offset] < 0x80, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
        throw fail("a hexadecimal digit is expected")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard peek == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private func fail(_ problem: String) -> JSON.Failure { JSON.Failure(offset: offset, problem: problem) }
}
