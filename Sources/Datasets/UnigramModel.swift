/// A unigram model in SentencePiece's format (T. Kudo, 2018): pieces with scores, of which a text is cut so that the scores' sum is
/// greatest. The file is a protocol buffer; `pieces` of `ModelProto` are all that is read.
struct UnigramModel: Sendable {
  struct Piece: Hashable, Sendable {
    var text: String
    var score: Float
    var kind: Kind
  }

  /// `ModelProto.SentencePiece.Type`.
  enum Kind: Int, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// U+2581 stands for a space.
  static let space: Character = "\u{2581}"
  let pieces: [Piece]
  private let numbers: [[UInt8]: Int]
  private let longest: Int
  private let unknown: Int
  private let unknownScore: Float

  /// Throws `noInput` and `badData`.
  init(path: String) throws(DataError) {
    try self.init(try InputFile(path).bytes(), path: path)
  }

  init(_ bytes: [UInt8], path: String) throws(DataError) {
    var pieces: [Piece] = []
    var reader = ProtocolBuffer(bytes[...], path: path)
    while let field = try reader.next() {
      guard field.number == 1, case .bytes(let message) = field.value else { continue }
      var piece = Piece(text: "", score: 0, kind: .normal)
      var inner = ProtocolBuffer(message, path: path)
      while let field = try inner.next() {
        switch (field.number, field.value) {
        case (1, .bytes(let text)):
          guard let valid = String(validating: text, as: UTF8.self) else {
            throw DataError(.badData, path, "piece \(pieces.count) is not UTF-8")
          }
          piece.text = valid
        case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
        case (3, .varint(let kind)): piece.kind = Kind(rawValue: Int(truncatingIfNeeded: kind)) ?? .normal
        default: continue
        }
      }
      pieces.append(piece)
    }
    guard let model = UnigramModel(pieces) else {
      throw DataError(.badData, path, "is no SentencePiece model: it has no piece for what is unknown")
    }
    self = model
  }

  /// No vocabulary has more pieces.
  static let largest = 1 << 24

  /// What a run has kept; nil if the lists are not equally long, hold what is no score or kind, or lack a piece for what is unknown.
  init?(texts: [String], scoreBits: [Int], kinds: [Int]) {
    guard texts.count == scoreBits.count, texts.count == kinds.count else { return nil }
    var pieces: [Piece] = []
    for (index, text) in texts.enumerated() {
      guard let bits = UInt32(exactly: scoreBits[index]), let kind = Kind(rawValue: kinds[index]) else { return nil }
      pieces.append(Piece(text: text, score: Float(bitPattern: bits), kind: kind))
    }
    self.init(pieces)
  }

  /// Nil without a piece for what is unknown.
  private init?(_ pieces: [Piece]) {
    guard let unknown = pieces.firstIndex(where: { $0.kind == .unknown }) else { return nil }
    self.pieces = pieces
    self.unknown = unknown
    let usable = pieces.enumerated().filter { $1.kind == .normal || $1.kind == .userDefined }
    numbers = Dictionary(usable.map { (Array($1.text.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    longest = usable.map { $1.text.utf8.count }.max() ?? 0
    unknownScore = (usable.map { $1.score }.min() ?? 0) - 10
  }

  /// The numbers of the best cut of a text; blanks become one `space` each, and the text begins with one.
  func encode(_ text: String) -> [Int] {
    let words = text.split(whereSeparator: \.isWhitespace)
    let bytes = words.flatMap { Array("\(Self.space)\($0)".utf8) }
    // The best way to each place: its score, the piece that ends there and where that begins.
    var best: [(score: Float, piece: Int, start: Int)] = [(0, unknown, 0)]
    best += [(Float, Int, Int)](repeating: (-.infinity, unknown, 0), count: bytes.count)
    for start in bytes.indices where best[start].score > -.infinity {
      for end in (start + 1)...max(start + 1, min(bytes.count, start + longest)) {
        guard let number = numbers[Array(bytes[start..<end])] else { continue }
        let score = best[start].score + pieces[number].score
        if score > best[end].score { best[end] = (score, number, start) }
      }
      var end = start + 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      let score = best[start].score + unknownScore
      if score > best[end].score { best[end] = (score, unknown, start) }
    }
    var result: [Int] = []
    var place = bytes.count
    while place > 0 {
      // Unknown characters next to each other are one.
      if !(best[place].piece == unknown && result.last == unknown) { result.append(best[place].piece) }
      place = best[place].start
    }
    return result.reversed()
  }

  /// The text that pieces spell.
  static func text(_ pieces: [String]) -> String {
    let text = pieces.joined().split(separator: space, omittingEmptySubsequences: true)
    return text.joined(separator: " ")
  }
}

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
