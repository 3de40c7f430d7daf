import Datasets
import Source

/// What tells vocabularies apart: a mark that travels with weights, whose numbers mean nothing with other pieces.
enum VocabularyMark {
  /// The mark of the vocabulary of each tensor.
  static func marks(_ encoders: [TokenEncoder]) -> [String: String] {
    Dictionary(
      encoders.flatMap { encoder in encoder.tensors.map { ($0, String(encoder.fingerprint, radix: 16)) } },
      uniquingKeysWith: { _, last in last })
  }

  /// Throws for a tensor whose texts became numbers in another way than when the weights were trained. Weights without a mark, such as
  /// those of other programs, are taken as they are.
  /// - Parameters:
  ///   - origin: where the encoders come from.
  ///   - help: what to do where the data has made them.
  static func check(
    _ encoders: [TokenEncoder], against taught: [String: String], origin: String, weights: String, help: String = ""
  ) throws(DataError) {
    for (tensor, mark) in marks(encoders).sorted(by: { $0.key < $1.key }) {
      guard let other = taught[tensor], other != mark else { continue }
      throw DataError(
        .badData, origin, "its vocabulary for `\(tensor)` is not the one that \(weights) was trained with",
        help: "vocabulary and weights must come from the same run: each number stands for one piece of text\(help)")
    }
  }
}

extension JSON {
  /// How texts became numbers, with all pieces in the order of their numbers: what a run must keep to read texts as it was taught.
  static func vocabularies(_ encoders: [TokenEncoder]) -> JSON {
    .array(
      encoders.map { encoder in
        let transform = encoder.transform
        let end: [(String, JSON)] = transform.end.map { [("end", .integer($0))] } ?? []
        let scores: [(String, JSON)] =
          encoder.scores.map {
            [("score_bits", .array($0.bits.map(JSON.integer))), ("kinds", .array($0.kinds.map(JSON.integer)))]
          } ?? []
        var rules: [(String, JSON)] = []
        if let own = encoder.rules {
          let flags = TextRules.Flag.allCases.filter(own.flags.contains)
          rules = [
            ("rules", .array(flags.map { .string($0.rawValue) })), ("unknown_surface", .string(own.unknownSurface)),
          ]
          if let map = own.characters { rules.append(("characters", .array(map.words.map { .integer(Int($0)) }))) }
        }
        return .object(
          [
            ("transform", .string(transform.word)),
            ("tensors", .array(encoder.tensors.map(JSON.string))),
            ("unknown", .integer(transform.unknown)),
            ("pad", .integer(transform.pad)),
          ] + end + [("pieces", .array(encoder.pieces.map(JSON.string)))] + scores + rules)
      })
  }
}
