/// A unigram model in SentencePiece's format (T. Kudo, 2018): pieces with scores, of which a text is cut so that the scores' sum is
/// greatest.
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

  let pieces: [Piece]
  let rules: TextRules
  /// The number of what is unknown.
  let unknown: Int
  private let numbers: [[UInt8]: Int]
  private let longest: Int
  private let unknownScore: Float
  /// What users have defined stays as it is.
  private let kept: Set<[UInt8]>
  /// The number of the piece of each byte; empty where unknown characters stay unknown.
  private let byteNumbers: [Int]

  /// No vocabulary has more pieces.
  static let largest = 1 << 24

  /// What a run has kept; nil if the lists are not equally long, hold what is no score or kind, or lack a piece for what is unknown.
  init?(texts: [String], scoreBits: [Int], kinds: [Int], rules: TextRules) {
    guard texts.count == scoreBits.count, texts.count == kinds.count else { return nil }
    var pieces: [Piece] = []
    for (index, text) in texts.enumerated() {
      guard let bits = UInt32(exactly: scoreBits[index]), let kind = Kind(rawValue: kinds[index]) else { return nil }
      pieces.append(Piece(text: text, score: Float(bitPattern: bits), kind: kind))
    }
    self.init(pieces, rules)
  }

  /// Nil without a piece for what is unknown.
  init?(_ pieces: [Piece], _ rules: TextRules) {
    guard let unknown = pieces.firstIndex(where: { $0.kind == .unknown }) else { return nil }
    self.pieces = pieces
    self.rules = rules
    self.unknown = unknown
    let usable = pieces.enumerated().filter { $1.kind == .normal || $1.kind == .userDefined }
    numbers = Dictionary(usable.map { (Array($1.text.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    longest = usable.map { $1.text.utf8.count }.max() ?? 0
    unknownScore = (pieces.filter { $0.kind == .normal }.map(\.score).min() ?? 0) - 10
    kept = Set(pieces.filter { $0.kind == .userDefined }.map { Array($0.text.utf8) })
    let bytes = Dictionary(
      pieces.enumerated().filter { $1.kind == .byte }.map { ($1.text, $0) }, uniquingKeysWith: { first, _ in first })
    byteNumbers =
      rules.flags.contains(.byteFallback) ? (0...255).map { bytes[Self.text(ofByte: $0)] ?? unknown } : []
  }

  /// The piece of a byte: `<0x0A>`.
  private static func text(ofByte byte: Int) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
  }

  /// Whether some text has this number.
  func occurs(_ number: Int) -> Bool {
    guard pieces.indices.contains(number) else { return false }
    switch pieces[number].kind {
    case .normal, .unknown: return true
    case .byte: return !byteNumbers.isEmpty
    case .control, .userDefined, .unused: return false
    }
  }

  /// The numbers of the best cut of a text, as `SentencePieceProcessor::Encode` has them.
  func encode(_ text: String) -> [Int] {
    let bytes = rules.normalized(text, keeping: kept)
    // The best way to each place: its score, the piece that ends there and where that begins.
    var best: [(score: Float, piece: Int, start: Int)] = [(0, unknown, 0)]
    best += [(Float, Int, Int)](repeating: (-.infinity, unknown, 0), count: bytes.count)
    for start in bytes.indices where best[start].score > -.infinity {
      var next = start + 1
      while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
      var isKnown = false
      for end in (start + 1)...max(start + 1, min(bytes.count, start + longest)) {
        guard let number = numbers[Array(bytes[start..<end])] else { continue }
        isKnown = isKnown || end == next
        // What users have defined is always taken. The sum is one of doubles, of which a float is kept: so equals are told apart.
        let own =
          pieces[number].kind == .userDefined
          ? Double(Float(end - start) * .leastNormalMagnitude) - 0.1 : Double(pieces[number].score)
        let score = own + Double(best[start].score)
        if score > Double(best[end].score) { best[end] = (Float(score), number, start) }
      }
      let score = best[start].score + unknownScore
      if !isKnown, score > best[next].score { best[next] = (score, unknown, start) }
    }
    var cut: [(piece: Int, bytes: ArraySlice<UInt8>)] = []
    var place = bytes.count
    while place > 0 {
      cut.append((best[place].piece, bytes[best[place].start..<place]))
      place = best[place].start
    }
    var result: [Int] = []
    var isAfterUnknown = false
    for (piece, bytes) in cut.reversed() {
      if piece == unknown, !byteNumbers.isEmpty {
        result += bytes.map { byteNumbers[Int($0)] }
      } else if piece != unknown || !isAfterUnknown {
        // Unknown characters next to each other are one.
        result.append(piece)
      }
      isAfterUnknown = piece == unknown
    }
    return result
  }

  /// The text that pieces spell, as `SentencePieceProcessor::Decode` has it.
  /// - Parameter continues: whether it goes on behind another text, so that a space before it is one.
  func decode(_ tokens: [Int], continues: Bool = false) -> String {
    var text = ""
    var bytes: [UInt8] = []
    let drops = rules.flags.contains(.addDummyPrefix) || rules.flags.contains(.removeExtraWhitespaces)
    let dropsAll = rules.flags.contains(.removeExtraWhitespaces)
    var isAtStart = !continues
    var hasDropped = false
    for token in tokens {
      guard pieces.indices.contains(token) else {
        text += bytes.spelt + "\u{FFFD}"
        bytes = []
        continue
      }
      let piece = pieces[token]
      if piece.kind == .byte {
        if let byte = UInt8(piece.text.dropFirst(3).dropLast(), radix: 16) { bytes.append(byte) }
        continue
      }
      text += bytes.spelt
      bytes = []
      if hasDropped || !text.isEmpty { isAtStart = false }
      switch piece.kind {
      case .control: hasDropped = false
      case .unknown:
        hasDropped = false
        text += rules.unknownSurface
      case .normal, .userDefined, .unused, .byte:
        var spelt = Array(piece.text.utf8)[...]
        let isDropped = isAtStart && drops && spelt.starts(with: TextRules.space)
        if isDropped { spelt = spelt.dropFirst(TextRules.space.count) }
        hasDropped = isDropped && !dropsAll
        for scalar in String(decoding: spelt, as: UTF8.self).unicodeScalars {
          text.unicodeScalars.append(scalar == "\u{2581}" ? " " : scalar)
        }
      }
    }
    return text + bytes.spelt
  }
}

extension [UInt8] {
  /// The text of these bytes, U+FFFD for each that is no part of one.
  fileprivate var spelt: String {
    var text = ""
    var place = 0
    while place < count {
      let length = sequenceLength(at: place)
      text += length == 0 ? "\u{FFFD}" : String(decoding: self[place..<(place + length)], as: UTF8.self)
      place += Swift.max(1, length)
    }
    return text
  }
}
