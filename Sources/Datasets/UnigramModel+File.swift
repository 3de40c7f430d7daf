extension UnigramModel {
  /// Throws `noInput` and `badData`.
  init(path: String) throws(DataError) {
    try self.init(try InputFile(path).bytes(), path: path)
  }

  /// Reads a `ModelProto`; throws `badData` for another kind of model and for what is not done to texts here.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    var pieces: [Piece] = []
    var rules = TextRules()
    var reader = ProtocolBuffer(bytes[...], path: path)
    while let field = try reader.next() {
      guard case .bytes(let message) = field.value else { continue }
      let inner = ProtocolBuffer(message, path: path)
      switch field.number {
      case 1: pieces.append(try Self.piece(inner, number: pieces.count, path: path))
      case 2: try Self.readTraining(inner, into: &rules, path: path)
      case 3: try Self.readNormalization(inner, into: &rules, path: path)
      case 5:
        var denormalization = TextRules()
        try Self.readNormalization(inner, into: &denormalization, path: path)
        guard denormalization.characters == nil else {
          throw DataError(
            .badData, path,
            "changes texts after their pieces were put together (denormalizer_spec), which netc does not",
            help: "train the model without `denormalization_rule_tsv`")
        }
      default: continue
      }
    }
    guard let model = UnigramModel(pieces, rules) else {
      throw DataError(.badData, path, "is no SentencePiece model: it has no piece for what is unknown")
    }
    self = model
  }

  private static func piece(_ message: ProtocolBuffer, number: Int, path: String) throws(DataError) -> Piece {
    var message = message
    var piece = Piece(text: "", score: 0, kind: .normal)
    while let field = try message.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)):
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw DataError(.badData, path, "piece \(number) is not UTF-8")
        }
        piece.text = valid
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .varint(let kind)): piece.kind = Kind(rawValue: Int(truncatingIfNeeded: kind)) ?? .normal
      default: continue
      }
    }
    return piece
  }

  /// `TrainerSpec`: whether it is a unigram model at all, and how it treats what is unknown.
  private static func readTraining(
    _ message: ProtocolBuffer, into rules: inout TextRules, path: String
  ) throws(DataError) {
    var message = message
    while let field = try message.next() {
      switch (field.number, field.value) {
      case (3, .varint(let type)) where type != 1:
        let names: [UInt64: String] = [2: "BPE", 3: "WORD", 4: "CHAR"]
        throw DataError(
          .badData, path,
          "is a model of the type \(names[type] ?? String(type)); netc cuts texts by UNIGRAM models alone",
          help: "train it with --model_type=unigram, SentencePiece's default")
      case (24, .varint(let isSet)): rules.set(.treatWhitespaceAsSuffix, isSet != 0)
      case (35, .varint(let isSet)): rules.set(.byteFallback, isSet != 0)
      case (44, .bytes(let text)): rules.unknownSurface = String(decoding: text, as: UTF8.self)
      default: continue
      }
    }
  }

  /// `NormalizerSpec`
  private static func readNormalization(
    _ message: ProtocolBuffer, into rules: inout TextRules, path: String
  ) throws(DataError) {
    var message = message
    while let field = try message.next() {
      switch (field.number, field.value) {
      case (2, .bytes(let map)) where !map.isEmpty:
        guard let characters = CharacterMap(map) else {
          throw DataError(.badData, path, "is damaged: its precompiled_charsmap cannot be read")
        }
        rules.characters = characters
      case (3, .varint(let isSet)): rules.set(.addDummyPrefix, isSet != 0)
      case (4, .varint(let isSet)): rules.set(.removeExtraWhitespaces, isSet != 0)
      case (5, .varint(let isSet)): rules.set(.escapeWhitespaces, isSet != 0)
      default: continue
      }
    }
  }
}

extension TextRules {
  fileprivate mutating func set(_ flag: Flag, _ isSet: Bool) {
    if isSet { flags.insert(flag) } else { flags.remove(flag) }
  }
}
