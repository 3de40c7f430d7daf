import Foundation
import Testing

@testable import Datasets

/// Models that SentencePiece has trained and what it says of texts itself, see `Fixtures/sentencepiece/make.py`.
@Suite struct SentencePieceTests {
  private struct Text: Decodable {
    var text: String
    var numbers: [Int]
    var decoded: String
  }

  private static let folder = Fixture.folder + "/sentencepiece"

  private static func model(_ name: String) throws -> UnigramModel {
    try UnigramModel(path: folder + "/\(name).model")
  }

  /// With its rules for characters, spaces, bytes and what users have defined; also after a run has kept it.
  @Test(arguments: ["rules", "bytes", "suffix"]) func cutsAndSpellsAsSentencePiece(name: String) throws {
    let data = try Data(contentsOf: URL(filePath: Self.folder + "/expected.json"))
    let texts = try #require(try JSONDecoder().decode([String: [Text]].self, from: data)[name])
    let model = try Self.model(name)
    let kept = try #require(
      UnigramModel(
        texts: model.pieces.map(\.text), scoreBits: model.pieces.map { Int($0.score.bitPattern) },
        kinds: model.pieces.map(\.kind.rawValue), rules: model.rules))
    #expect(texts.count == 19)
    for text in texts {
      for model in [model, kept] {
        #expect(model.encode(text.text) == text.numbers, "\(text.text)")
        #expect(model.decode(text.numbers) == text.decoded, "\(text.text)")
      }
    }
    let map = try #require(model.rules.characters)
    #expect(CharacterMap(words: map.words) == map)
  }

  /// What goes on behind a text keeps the space that parts them.
  @Test func spellsWhatGoesOn() throws {
    let model = try Self.model("rules")
    let numbers = model.encode("the cat sat")
    let first = model.encode("the cat").count
    #expect(
      model.decode(Array(numbers[..<first])) + model.decode(Array(numbers[first...]), continues: true) == "the cat sat")
  }

  @Test func refusesWhatItWouldCutOtherwise() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\tthe cat\n1\tsat\n")
    func open(_ name: String, unknown: Int = TokenTransform.modelsOwn, pad: Int, end: Int? = nil) throws -> Dataset {
      let tokens = TokenTransform(
        .sentencePiece(path: Self.folder + "/\(name).model"), unknown: unknown, pad: pad, end: end)
      let table = TableDescription(
        path: "t.tsv", delimiter: .tsv,
        tensors: [.init("text", columns: [.title("text")]), .init("y", columns: [.title("y")])])
      return try DataOpening(
        training: DataDescription(.table(table), transforms: [.tokens(tokens)]),
        declarations: [
          .init("text", .index(count: 99), shape: [8], role: .input), .init("y", .index(count: 2), role: .target),
        ], folder: folder.path, seed: 1
      ).open().training
    }
    try expectError(.badData, "bpe.model", "the type BPE", "--model_type=unigram") { try open("bpe", pad: 3) }
    try expectError(.description, "rules.model", "its own number for what is unknown, 0", "`unknown=5`") {
      try open("rules", unknown: 5, pad: 3)
    }
    // `<unk>` and a piece of texts hide what they stand for; the padding of the model, or a number of its own, hides nothing.
    try expectError(.description, "`<unk>` at 0", "`pad` must be another number") { try open("rules", pad: 0) }
    try expectError(.description, "`end` must be another number") { try open("rules", pad: 3, end: 5) }
    #expect(try open("rules", unknown: 0, pad: 3, end: 2).encoders[0].transform.unknown == 0)
    #expect(
      try open("rules", pad: 98).numbers("text") == [5, 8, 6, 7, 5, 22, 19, 98, 18] + [Float](repeating: 98, count: 7))
  }

  /// Whatever the bytes are, there is a model or an error.
  @Test func takesNothingFromBrokenFiles() throws {
    let bytes = try InputFile(Self.folder + "/rules.model").bytes()
    var generator = SplitMix64(seed: 3)
    var models = 0
    for round in 0..<300 {
      var broken = bytes
      if round % 3 == 0 { broken.removeLast(Int(generator.next() % UInt64(bytes.count))) }
      for _ in 0..<3 {
        broken[Int(generator.next() % UInt64(broken.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      guard let model = try? UnigramModel(broken, path: "m") else { continue }
      models += 1
      _ = model.decode(model.encode("\u{FB01}ne<x> e\u{301} 1\u{BD}2"))
    }
    #expect(models > 30)
    for words: [UInt32] in [[], [0], [4], [4, 1], [0xFFFF_FFFC, 1, 0], [3, 0, 0], [4, 0, 1 << 24]] {
      #expect(CharacterMap(words: words) == nil)
    }
    // Every unit leads out of the trie, or in a circle.
    for unit: UInt32 in [0, .max, 0x7FFF_FFFF, 1 << 8, 0xFFFF_FC00] {
      let map = try #require(CharacterMap(words: [8, unit, unit, 0]))
      _ = map.longest(Array("abc".utf8), from: 0)
    }
  }
}
