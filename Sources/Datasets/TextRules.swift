/// What a SentencePiece model does to a text before it is cut, and to what is unknown: `NormalizerSpec` and two fields of `TrainerSpec`.
package struct TextRules: Hashable, Sendable {
  /// The switches, by the names that the format has for them.
  package enum Flag: String, CaseIterable, Sendable {
    /// A space stands before the text, or behind it where spaces end words.
    case addDummyPrefix = "add_dummy_prefix"
    /// Spaces at the ends go, and of several in a row one stays.
    case removeExtraWhitespaces = "remove_extra_whitespaces"
    /// Spaces become U+2581.
    case escapeWhitespaces = "escape_whitespaces"
    case treatWhitespaceAsSuffix = "treat_whitespace_as_suffix"
    /// What is unknown becomes the pieces of its bytes.
    case byteFallback = "byte_fallback"
  }

  /// What the format takes for granted.
  package static let defaults: Set<Flag> = [.addDummyPrefix, .removeExtraWhitespaces, .escapeWhitespaces]
  /// U+2581 stands for a space.
  static let space = Array("\u{2581}".utf8)

  package var flags = TextRules.defaults
  /// What texts become character by character; nil where they stay as they are.
  package var characters: CharacterMap?
  /// What the unknown piece is spelt as.
  package var unknownSurface = " \u{2047} "

  package init() {}

  /// The bytes of a text as the pieces spell it, after `Normalizer::Normalize`. Texts in `kept` stay as they are.
  func normalized(_ text: String, keeping kept: Set<[UInt8]>) -> [UInt8] {
    let longest = kept.map(\.count).max() ?? 0
    let input = Array(text.utf8)
    /// What stands for the beginning of the input from a place on, and how many bytes that is.
    func prefix(_ place: Int) -> (text: ArraySlice<UInt8>, length: Int) {
      for length in stride(from: min(longest, input.count - place), to: 0, by: -1) {
        let slice = input[place..<(place + length)]
        if kept.contains(Array(slice)) { return (slice, length) }
      }
      if let found = characters?.longest(input, from: place) { return found }
      var end = place + 1
      while end < input.count, input[end] & 0xC0 == 0x80 { end += 1 }
      return (input[place..<end], end - place)
    }
    let blank = UInt8(ascii: " ")
    let removes = flags.contains(.removeExtraWhitespaces)
    let symbol = flags.contains(.escapeWhitespaces) ? Self.space : [blank]
    var place = 0
    while removes, place < input.count {
      let next = prefix(place)
      guard next.text.elementsEqual([blank]) else { break }
      place += next.length
    }
    guard place < input.count else { return [] }
    let isMarked = flags.contains(.addDummyPrefix)
    let isSuffix = flags.contains(.treatWhitespaceAsSuffix)
    var result: [UInt8] = isMarked && !isSuffix ? symbol : []
    var isAfterSpace = removes
    while place < input.count {
      let next = prefix(place)
      let piece = isAfterSpace ? next.text.drop { $0 == blank } : next.text
      for byte in piece { if byte == blank { result += symbol } else { result.append(byte) } }
      if let last = piece.last { isAfterSpace = removes && last == blank }
      place += next.length
    }
    while removes, result.suffix(symbol.count).elementsEqual(symbol) { result.removeLast(symbol.count) }
    return result + (isMarked && isSuffix ? symbol : [])
  }
}

/// A `precompiled_charsmap`: beginnings of texts and what stands for them. The beginnings are a trie as a double array (S. Yata's
/// Darts-clone), the texts that stand for them follow one another, each closed by a zero.
package struct CharacterMap: Hashable, Sendable {
  /// The bytes of the map as 32-bit words, the lowest byte first, filled up with zeros; what a run keeps.
  package let words: [UInt32]
  private let units: ArraySlice<UInt32>
  private let texts: [UInt8]

  /// Nil for what is no map.
  package init?(words: [UInt32]) {
    guard let size = words.first, size % 4 == 0, size > 0, Int(size / 4) + 1 < words.count else { return nil }
    self.words = words
    let end = 1 + Int(size / 4)
    units = words[1..<end]
    texts = words[end...].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    guard texts.last == 0 else { return nil }
  }

  init?(_ bytes: ArraySlice<UInt8>) {
    // At least one zero closes the last text.
    let padded = Array(bytes) + [UInt8](repeating: 0, count: 4 - bytes.count % 4)
    self.init(
      words: stride(from: 0, to: padded.count, by: 4).map { start in
        (0..<4).reduce(0) { $0 | UInt32(padded[start + $1]) << UInt32(8 * $1) }
      })
  }

  /// What stands for the longest beginning of `input` from `place` on that the map knows, and how many bytes that has; nil where it knows
  /// none.
  func longest(_ input: [UInt8], from place: Int) -> (text: ArraySlice<UInt8>, length: Int)? {
    /// The place that follows a unit.
    func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int(unit >> 6 & 8) }
    var node = offset(units[1])
    var found: (start: Int, length: Int)?
    for index in place..<input.count {
      node ^= Int(input[index])
      guard node < units.count else { break }
      let unit = units[1 + node]
      guard unit & 0x8000_00FF == UInt32(input[index]) else { break }
      node ^= offset(unit)
      if unit >> 8 & 1 == 1, node < units.count { found = (Int(units[1 + node] & 0x7FFF_FFFF), index + 1 - place) }
    }
    guard let found, found.start < texts.count else { return nil }
    return (texts[found.start...].prefix { $0 != 0 }, found.length)
  }
}
