/// Reads the JSON that headers of safetensors files are made of: objects, arrays of whole numbers, strings. Strict: what RFC 8259 does
/// not allow is an error, and so is a number that is not a whole number of at most 18 digits, since nothing else has a meaning there.
struct JSONScanner {
  /// What is wrong and at which byte of the text.
  struct Failure: Error {
    var offset: Int
    var problem: String
  }

  private let text: [UInt8]
  private(set) var offset = 0

  init(_ text: [UInt8]) { self.text = text }

  /// Reads an object and calls `member` with each key; `member` reads the value. A key that stands twice is an error.
  mutating func object(_ member: (inout JSONScanner, String) throws(Failure) -> Void) throws(Failure) {
    try expect("{")
    var keys: Set<String> = []
    if take("}") { return }
    repeat {
      skipBlanks()
      let start = offset
      let key = try string()
      guard keys.insert(key).inserted else {
        throw Failure(offset: start, problem: "\(DataError.quoted(key)) stands twice")
      }
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads an array of whole numbers ≥ 0, at most `limit` of them.
  mutating func wholeNumbers(limit: Int) throws(Failure) -> [Int] {
    var numbers: [Int] = []
    try array { scanner throws(Failure) in
      guard numbers.count < limit else {
        throw Failure(offset: scanner.offset, problem: "more than \(limit) numbers")
      }
      numbers.append(try scanner.wholeNumber())
    }
    return numbers
  }

  /// Reads an array; `element` reads each of its values.
  mutating func array(_ element: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try expect("[")
    if take("]") { return }
    repeat { try element(&self) } while take(",")
    try expect("]")
  }

  mutating func wholeNumber() throws(Failure) -> Int {
    skipBlanks()
    let start = offset
    var value = 0
    while offset < text.count, case let digit = text[offset], digit >= 0x30, digit <= 0x39 {
      guard offset - start < 18 else { throw Failure(offset: start, problem: "a number of more than 18 digits") }
      value = value * 10 + Int(digit - 0x30)
      offset += 1
    }
    guard offset > start else { throw unexpected("a whole number") }
    guard offset - start == 1 || text[start] != 0x30 else {
      throw Failure(offset: start, problem: "a number that starts with 0")
    }
    return value
  }

  /// Reads a string; its escapes are resolved.
  mutating func string() throws(Failure) -> String {
    try expect("\"")
    let start = offset
    var bytes: [UInt8] = []
    while offset < text.count {
      let byte = text[offset]
      switch byte {
      case 0x22:
        offset += 1
        guard let string = String(validating: bytes, as: UTF8.self) else {
          throw Failure(offset: start, problem: "a string that is not UTF-8")
        }
        return string
      case 0x5C:
        offset += 1
        bytes.append(contentsOf: String(Character(try escape())).utf8)
      case 0..<0x20: throw Failure(offset: offset, problem: "a control character in a string")
      default:
        bytes.append(byte)
        offset += 1
      }
    }
    throw Failure(offset: start, problem: "a string without an end")
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    guard offset < text.count else { throw unexpected("an escape") }
    let byte = text[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let start = offset
      let unit = try fourHexDigits()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      guard unit < 0xDC00, text[offset...].starts(with: [0x5C, UInt8(ascii: "u")]) else {
        throw Failure(offset: start, problem: "half a surrogate pair")
      }
      offset += 2
      let low = try fourHexDigits()
      guard 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
      else { throw Failure(offset: start, problem: "half a surrogate pair") }
      return scalar
    default: throw Failure(offset: offset - 1, problem: "an unknown escape")
    }
  }

  private mutating func fourHexDigits() throws(Failure) -> UInt32 {
    guard text.count - offset >= 4 else { throw unexpected("four hexadecimal digits") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(text[offset])).hexDigitValue, text[offset] < 0x80 else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  /// Throws when anything but blanks is left.
  mutating func end() throws(Failure) {
    skipBlanks()
    guard offset == text.count else { throw unexpected("the end") }
  }

  private mutating func expect(_ mark: Unicode.Scalar) throws(Failure) {
    guard take(mark) else { throw unexpected("`\(mark)`") }
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard offset < text.count, text[offset] == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }

  private mutating func skipBlanks() {
    while offset < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[offset]) { offset += 1 }
  }

  private func unexpected(_ expected: String) -> Failure {
    guard offset < text.count else { return Failure(offset: offset, problem: "expected \(expected), the text ends") }
    let found = String(decoding: text[offset...offset], as: UTF8.self)
    return Failure(offset: offset, problem: "expected \(expected), got \(DataError.quoted(found))")
  }
}
