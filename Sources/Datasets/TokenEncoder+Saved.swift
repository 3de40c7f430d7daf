extension TokenEncoder {
  /// The encoders of a run, from its `vocabulary.json`. Throws `noInput`, and `badData` for what a run does not write.
  package static func saved(in path: String) throws(DataError) -> [TokenEncoder] {
    let bytes = try InputFile(path).bytes()
    var scanner = JSONScanner(bytes)
    var encoders: [TokenEncoder] = []
    do throws(JSONScanner.Failure) {
      try scanner.array { scanner throws(JSONScanner.Failure) in
        var transform = TokenTransform(.characters)
        var word = ""
        var pieces: [String] = []
        var (scores, kinds): ([Int], [Int]) = ([], [])
        var rules = TextRules()
        try scanner.object { scanner, key throws(JSONScanner.Failure) in
          switch key {
          case "transform": word = try scanner.string()
          case "tensors": transform.tensors = try scanner.strings()
          case "pieces": pieces = try scanner.strings()
          case "score_bits": scores = try scanner.wholeNumbers(limit: UnigramModel.largest)
          case "kinds": kinds = try scanner.wholeNumbers(limit: UnigramModel.largest)
          case "rules":
            rules.flags = Set(try scanner.strings().compactMap(TextRules.Flag.init))
          case "characters":
            let words = try scanner.wholeNumbers(limit: UnigramModel.largest).compactMap(UInt32.init(exactly:))
            rules.characters = CharacterMap(words: words)
            if rules.characters == nil {
              throw JSONScanner.Failure(offset: scanner.offset, problem: "`characters` is no map")
            }
          case "unknown_surface": rules.unknownSurface = try scanner.string()
          case "unknown": transform.unknown = try scanner.wholeNumber()
          case "pad": transform.pad = try scanner.wholeNumber()
          case "end": transform.end = try scanner.wholeNumber()
          default: throw JSONScanner.Failure(offset: scanner.offset, problem: "\(DataError.quoted(key)) has no meaning")
          }
        }
        switch word {
        case "words": transform.pieces = .words(vocabulary: pieces.count)
        case "chars": transform.pieces = .characters
        case "bytes": transform.pieces = .bytes
        case "sentencepiece":
          transform.pieces = .sentencePiece(path: path)
          guard let model = UnigramModel(texts: pieces, scoreBits: scores, kinds: kinds, rules: rules) else {
            throw JSONScanner.Failure(offset: scanner.offset, problem: "pieces, scores and kinds make no vocabulary")
          }
          encoders.append(TokenEncoder(transform, pieces: pieces, model: model))
          return
        default:
          throw JSONScanner.Failure(
            offset: scanner.offset, problem: "texts by \(DataError.quoted(word)) cannot be read from a run")
        }
        encoders.append(TokenEncoder(transform, pieces: pieces))
      }
      try scanner.end()
    } catch {
      throw DataError(.badData, path, at: .byte(error.offset), error.problem)
    }
    return encoders
  }
}

extension JSONScanner {
  /// Reads an array of strings.
  fileprivate mutating func strings() throws(Failure) -> [String] {
    var result: [String] = []
    try array { scanner throws(Failure) in result.append(try scanner.string()) }
    return result
  }
}
