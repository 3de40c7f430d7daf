import Datasets
import Source

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
        return .object(
          [
            ("transform", .string(transform.word)),
            ("tensors", .array(encoder.tensors.map(JSON.string))),
            ("unknown", .integer(transform.unknown)),
            ("pad", .integer(transform.pad)),
          ] + end + [("pieces", .array(encoder.pieces.map(JSON.string)))] + scores)
      })
  }
}
