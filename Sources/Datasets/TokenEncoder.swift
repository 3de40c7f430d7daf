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
    self.transform = transform
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
      if loaded.pieces.count > limit {
        throw DataError(
          .description, path, "has \(loaded.pieces.count) pieces, but \(tensors[0]) has only \(limit) values",
          help: "the vocabulary and the net's weights must belong together")
      }
      pieces = loaded.pieces.map(\.text)
      model = loaded
    }
    self.model = model
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

  /// The numbers of a text, as many as it has, with the end if the transform has one.
  package func encode(_ text: String) -> [Int32] {
    let unknown = Int32(transform.unknown)
    var result: [Int32]
    switch transform.pieces {
    case .words, .characters: result = transform.split(text).map { numbers[$0] ?? unknown }
    case .bytes:
      let first = Int32(max(transform.pad, transform.unknown, transform.end ?? 0) + 1)
      result = text.utf8.map { first + Int32($0) }
    case .sentencePiece: result = model?.encode(text).map { Int32($0) } ?? []
    }
    if result.isEmpty { result = [unknown] }
    if let end = transform.end { result.append(Int32(end)) }
    return result
  }

  /// A row of `length` numbers: the rest of a longer text is cut off, but not its end; a shorter one is padded.
  /// - Parameter whole: is told how many numbers the text makes, with its end.
  func row(_ text: String, length: Int, whole: inout Int) -> [Int32] {
    var numbers = encode(text)
    whole = numbers.count
    if numbers.count > length {
      numbers.removeLast(numbers.count - length)
      if let end = transform.end { numbers[length - 1] = Int32(end) }
    }
    return numbers + [Int32](repeating: Int32(transform.pad), count: length - numbers.count)
  }

  /// The text that numbers stand for, up to the end or the padding.
  package func decode(_ tokens: some Sequence<Int32>) -> String {
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
    case .words: return texts.joined(separator: " ")
    case .characters: return texts.joined()
    case .bytes: return String(decoding: bytes, as: UTF8.self)
    case .sentencePiece: return UnigramModel.text(texts)
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
