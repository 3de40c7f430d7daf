/// Makes whole numbers of texts: a transform with the vocabulary that the training part gave it.
package struct TokenEncoder: Sendable {
  package let transform: TokenTransform
  /// The tensors that it applies to.
  package let tensors: [String]
  /// The piece of each number; those that stand for no piece are empty.
  package let pieces: [String]
  private let numbers: [String: Int32]
  private let model: UnigramModel?

  /// - Parameters:
  ///   - texts: the texts of the training part, in order.
  ///   - limit: how many numbers the tensors allow.
  init(
    _ transform: TokenTransform, tensors: [String], texts: some Sequence<String>, limit: Int, folder: String
  ) throws(DataError) {
    var transform = transform
    self.tensors = tensors
    let taken = Set([transform.pad, transform.unknown] + (transform.end.map { [$0] } ?? []))
    if let greatest = taken.max(), greatest >= limit {
      throw DataError(
        .description, nil, "\(transform.word) uses the number \(greatest), but \(tensors[0]) has only \(limit) values")
    }
    var model: UnigramModel?
    switch transform.pieces {
    case .words(let vocabulary):
      if vocabulary > limit {
        throw DataError(
          .description, nil, "words makes \(vocabulary) different numbers, but \(tensors[0]) has only \(limit) values",
          help: "declare it as index(\(vocabulary))")
      }
      pieces = Self.frequent(texts, transform, without: taken, limit: vocabulary)
    case .characters: pieces = Self.frequent(texts, transform, without: taken, limit: limit)
    case .bytes:
      let first = (taken.max() ?? -1) + 1
      if first + 256 > limit {
        throw DataError(
          .description, nil, "bytes makes numbers up to \(first + 255), but \(tensors[0]) has only \(limit) values",
          help: "declare it as index(\(first + 256))")
      }
      pieces = []
    case .sentencePiece(let path):
      let loaded = try UnigramModel(path: InputFile.resolve(path, in: folder))
      try loaded.check(&transform, path: path)
      if loaded.pieces.count > limit {
        throw DataError(
          .description, path, "has \(loaded.pieces.count) pieces, but \(tensors[0]) has only \(limit) values",
          help: "the vocabulary and the net's weights must belong together")
      }
      pieces = loaded.pieces.map(\.text)
      model = loaded
    }
    self.model = model
    self.transform = transform
    numbers = Self.numbers(of: pieces)
  }

  /// With the pieces that a run has kept, and the model that a SentencePiece vocabulary is.
  init(_ transform: TokenTransform, pieces: [String], model: UnigramModel? = nil) {
    self.transform = transform
    tensors = transform.tensors
    self.pieces = pieces
    self.model = model
    numbers = Self.numbers(of: pieces)
  }

  /// What a run keeps of a SentencePiece model besides its pieces: the bits of each score, as a float32, and each piece's kind as the
  /// format numbers them.
  package var scores: (bits: [Int], kinds: [Int])? {
    model.map { ($0.pieces.map { Int($0.score.bitPattern) }, $0.pieces.map(\.kind.rawValue)) }
  }

  /// What a SentencePiece model does to texts before it cuts them; nil for other vocabularies.
  package var rules: TextRules? { model?.rules }

  /// The number of each piece.
  private static func numbers(of pieces: [String]) -> [String: Int32] {
    Dictionary(
      pieces.enumerated().compactMap { $1.isEmpty ? nil : ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The pieces of the texts by how often they occur, of equals the first in the order of their bytes; `taken` numbers stay empty.
  private static func frequent(
    _ texts: some Sequence<String>, _ transform: TokenTransform, without taken: Set<Int>, limit: Int
  ) -> [String] {
    var counts: [String: Int] = [:]
    for text in texts { for piece in transform.split(text) { counts[piece, default: 0] += 1 } }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var pieces: [String] = []
    var next = order.startIndex
    while pieces.count < limit, next < order.endIndex || taken.contains(where: { $0 >= pieces.count }) {
      if taken.contains(pieces.count) || next == order.endIndex {
        pieces.append("")
      } else {
        pieces.append(order[next].key)
        next += 1
      }
    }
    return pieces
  }

  /// The numbers of the pieces of a text; none where it has none, such as one of dots that is cut into words.
  func pieces(of text: String) -> [Int32] {
    let unknown = Int32(transform.unknown)
    switch transform.pieces {
    case .words, .characters: return transform.split(text).map { numbers[$0] ?? unknown }
    case .bytes:
      let first = Int32(max(transform.pad, transform.unknown, transform.end ?? 0) + 1)
      return text.utf8.map { first + Int32($0) }
    case .sentencePiece: return model?.encode(text).map { Int32($0) } ?? []
    }
  }

  /// The numbers of a text, as many as it has, with the end if the transform has one.
  package func encode(_ text: String) -> [Int32] { closed(pieces(of: text)) }

  /// What to say of a text without a piece; nil where it has one.
  package func withoutPiece(_ text: String) -> String? {
    guard pieces(of: text).isEmpty else { return nil }
    return "\(DataError.quoted(text)) has no \(transform.nameOfPiece): it is read as `unknown`"
  }

  /// What to say of a text whose pieces are all unknown; nil where one is known, or there is none.
  package func withoutKnownPiece(_ text: String) -> String? {
    let found = pieces(of: text)
    guard !found.isEmpty, found.allSatisfy({ Int($0) == transform.unknown }) else { return nil }
    let named = DataError.quoted(text)
    return "\(named) has no \(transform.nameOfPiece) that the net knows: all of it is read as `unknown`"
  }

  /// The pieces with the end if the transform has one. A text without a piece is unknown: padding alone would be hidden by a mask.
  private func closed(_ pieces: [Int32]) -> [Int32] {
    var result = pieces.isEmpty ? [Int32(transform.unknown)] : pieces
    if let end = transform.end { result.append(Int32(end)) }
    return result
  }

  /// A row of `length` numbers: the rest of a longer text is cut off, but not its end; a shorter one is padded. Also gives how many numbers
  /// the text makes, with its end.
  func row(_ pieces: [Int32], length: Int) -> (numbers: [Int32], whole: Int) {
    var numbers = closed(pieces)
    let whole = numbers.count
    if numbers.count > length {
      numbers.removeLast(numbers.count - length)
      if let end = transform.end { numbers[length - 1] = Int32(end) }
    }
    return (numbers + [Int32](repeating: Int32(transform.pad), count: length - numbers.count), whole)
  }

  /// The text that numbers stand for, up to the end or the padding.
  /// - Parameter continues: whether it goes on behind another text: then it begins with the space that parts them, if one does.
  package func decode(_ tokens: some Sequence<Int32>, continues: Bool = false) -> String {
    if let model {
      let read = tokens.prefix { Int($0) != transform.end && Int($0) != transform.pad }
      return model.decode(read.map { Int($0) }, continues: continues)
    }
    var texts: [String] = []
    var bytes: [UInt8] = []
    for token in tokens {
      if Int(token) == transform.end || Int(token) == transform.pad { break }
      if transform.pieces == .bytes {
        let first = max(transform.pad, transform.unknown, transform.end ?? 0) + 1
        if let byte = UInt8(exactly: Int(token) - first) { bytes.append(byte) }
      } else {
        let isKnown = pieces.indices.contains(Int(token)) && !pieces[Int(token)].isEmpty
        texts.append(isKnown ? pieces[Int(token)] : "\u{FFFD}")
      }
    }
    switch transform.pieces {
    case .words: return (continues && !texts.isEmpty ? " " : "") + texts.joined(separator: " ")
    case .characters, .sentencePiece: return texts.joined()
    case .bytes: return String(decoding: bytes, as: UTF8.self)
    }
  }
}

extension UnigramModel {
  /// Gives `transform` the model's number for what is unknown; throws where it names another, or numbers for padding and end that texts
  /// have as well.
  fileprivate func check(_ transform: inout TokenTransform, path: String) throws(DataError) {
    guard transform.unknown == TokenTransform.modelsOwn || transform.unknown == unknown else {
      throw DataError(
        .description, path,
        "has its own number for what is unknown, \(unknown); `unknown=\(transform.unknown)` has no effect",
        help: "leave `unknown` out")
    }
    transform.unknown = unknown
    for (name, number) in [("pad", transform.pad), ("end", transform.end ?? -1)] where occurs(number) {
      throw DataError(
        .description, path,
        "has the piece \(DataError.quoted(pieces[number].text)) at \(number), which texts contain: "
          + "`\(name)` must be another number",
        help:
          "take that of a control piece such as `</s>`, or one from \(pieces.count) on, with index(n) as much larger")
    }
  }
}

extension TokenTransform {
  /// The pieces of a text: words in lower case, of letters, digits and apostrophes within, or characters.
  func split(_ text: String) -> [String] {
    guard case .words = pieces else { return text.unicodeScalars.map { String($0) } }
    var words: [String] = []
    var word = String.UnicodeScalarView()
    var apostrophe = false
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.generalCategory == .nonspacingMark
    }
    for scalar in text.lowercased().unicodeScalars {
      if isLetter(scalar) {
        if apostrophe && !word.isEmpty { word.append("'") }
        apostrophe = false
        word.append(scalar)
      } else if (scalar == "'" || scalar == "\u{2019}") && !word.isEmpty && !apostrophe {
        apostrophe = true
      } else {
        apostrophe = false
        if !word.isEmpty { words.append(String(word)) }
        word = String.UnicodeScalarView()
      }
    }
    if !word.isEmpty { words.append(String(word)) }
    return words
  }
}
