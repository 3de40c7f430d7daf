import Testing

@testable import Datasets

/// Texts on their way to numbers.
@Suite struct TextTests {
  private func opening(
    _ folder: TemporaryFolder, _ tokens: TokenTransform, length: Int = 4, values: Int = 10,
    validation: DataDescription? = nil
  ) -> DataOpening {
    let table = TableDescription(
      path: "t.tsv", delimiter: .tsv,
      tensors: [.init("text", columns: [.title("text")]), .init("y", columns: [.title("y")])])
    return DataOpening(
      training: DataDescription(.table(table), transforms: [.tokens(tokens)]), validation: validation,
      declarations: [
        .init("text", .index(count: values), shape: [length], role: .input),
        .init("y", .index(count: 2), role: .target),
      ], folder: folder.path, seed: 1)
  }

  @Test func numbersWordsByHowOftenTheyOccur() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\tThe cat, the CAT the end\n1\tdon’t don't zoo\n0\tbee !!\n")
    let data = try opening(folder, TokenTransform(.words(vocabulary: 6))).open().training
    // the 3, cat 2, don't 2, then bee before end and zoo: 2 the, 3 cat, 4 don't, 5 bee.
    #expect(data.encoders[0].pieces == ["", "", "the", "cat", "don't", "bee"])
    #expect(try data.numbers("text") == [2, 3, 2, 3, 4, 4, 1, 0, 5, 0, 0, 0])
    #expect(data.encoders[0].decode([2, 3, 1, 0, 5]) == "the cat \u{FFFD}")
  }

  @Test func closesAndCutsTexts() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\ta b c d e\n1\ta b\n")
    let tokens = TokenTransform(.words(vocabulary: 10), unknown: 2, pad: 0, end: 1)
    let data = try opening(folder, tokens).open().training
    #expect(data.encoders[0].pieces == ["", "", "", "a", "b", "c", "d", "e"])
    #expect(try data.numbers("text") == [3, 4, 5, 1, 3, 4, 1, 0])
  }

  @Test func numbersCharactersAndBytes() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\taba\n1\tné\n")
    let characters = try opening(folder, TokenTransform(.characters)).open().training
    #expect(characters.encoders[0].pieces == ["", "", "a", "b", "n", "é"])
    #expect(try characters.numbers("text") == [2, 3, 2, 0, 4, 5, 0, 0])
    let bytes = try opening(folder, TokenTransform(.bytes), values: 258).open().training
    #expect(try bytes.numbers("text") == [99, 100, 99, 0, 112, 197, 171, 0])
    #expect(bytes.encoders[0].decode([112, 197, 171, 0]) == "né")
  }

  /// Words that only the validation has are unknown to it.
  @Test func takesVocabulariesFromTheTrainingPart() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n" + (0..<40).map { "\($0 % 2)\tshared own\($0)" }.joined(separator: "\n"))
    let parts = try opening(
      folder, TokenTransform(.words(vocabulary: 100)), length: 2, values: 100,
      validation: DataDescription(.split(fraction: 0.25))
    ).open()
    let validation = try #require(parts.validation)
    #expect(try validation.numbers("text") == (0..<10).flatMap { _ in [Float(2), 1] })
    #expect(parts.training.encoders[0].pieces.count == 33)
    folder.write("v.tsv", "y\ttext\n0\tshared new\n")
    let table = TableDescription(
      path: "v.tsv", delimiter: .tsv,
      tensors: [.init("text", columns: [.title("text")]), .init("y", columns: [.title("y")])])
    let tokens = TokenTransform(.words(vocabulary: 100))
    let other = try opening(
      folder, tokens, length: 2, values: 100,
      validation: DataDescription(.table(table), transforms: [.tokens(tokens)])
    ).open()
    #expect(try #require(other.validation).numbers("text") == [2, 1])
  }

  @Test func cutsALongTextIntoWindows() throws {
    let folder = TemporaryFolder()
    folder.write("long.txt", "abcdefghij")
    let opening = DataOpening(
      training: DataDescription(.text(path: "long.txt"), transforms: [.tokens(TokenTransform(.characters))]),
      declarations: [
        .init("x", .index(count: 20), shape: [3], role: .input),
        .init("y", .index(count: 20), shape: [3], role: .target),
      ], folder: folder.path, seed: 1)
    let data = try opening.open().training
    #expect(data.count == 3)
    // b to i stand in windows of x and of y, a and j in one: b is 2, i is 9, a is 10, j is 11.
    #expect(try data.numbers("x") == [10, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(try data.numbers("y") == [2, 3, 4, 5, 6, 7, 8, 9, 11])
    folder.write("long.txt", Array("ab\ncd".utf8) + [0xC3, 0x28] + Array("efgh\n".utf8))
    try expectError(.badData, "long.txt:2: is not UTF-8 at byte 5 of the file") { try opening.open() }
    folder.write("long.txt", "ab\n\ncd\0efgh")
    try expectError(.badData, "long.txt:3: is not text: it has a zero byte at byte 6") { try opening.open() }
    folder.write("long.txt", "abc")
    try expectError(.badData, "has 3 pieces, fewer than the 4") { try opening.open() }
  }

  @Test func namesTheRowOfATextThatIsNone() throws {
    let folder = TemporaryFolder()
    let right = opening(folder, TokenTransform(.words(vocabulary: 10)))
    folder.write("t.tsv", "y\ttext\n0\ta\n1\t\n")
    try expectError(.badData, "t.tsv:3: column `text`: is empty") { try right.open() }
    folder.write("t.tsv", Array("y\ttext\n0\ta".utf8) + [0xC3, 0x28] + Array("\n".utf8))
    try expectError(.badData, "t.tsv:2: column `text`: is not UTF-8 from its byte 1") { try right.open() }
    folder.write("t.tsv", "y\ttext\n0\ta\n1\n")
    try expectError(.badData, "t.tsv:3: 1 field, expected 2") { try right.open() }
    folder.write("t.tsv", "y\twords\n0\ta\n")
    try expectError(.badData, "has no column titled `text`", "`words`") { try right.open() }
  }

  @Test func namesWhatIsCutOff() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\ta b\n1\ta b c d e f\n0\tb b b b\n1\tb b b b b\n")
    var tokens = TokenTransform(.words(vocabulary: 10))
    let cut = try opening(folder, tokens).open().training.cut
    #expect(cut.count == 1)
    #expect(cut.first?.position == .line(3, column: "text"))
    #expect(cut.first.map { [$0.length, $0.places, $0.count, $0.total] } == [6, 4, 2, 4])
    let message = cut.first?.message ?? ""
    for words in ["t.tsv:3: column `text`: makes 6 numbers, text has 4 places", "2 of 4", "`words(…, length=4)`"] {
      #expect(message.contains(words), "\(message)")
    }
    // The closing number counts as well; of a split the training part tells.
    tokens.end = 2
    let parts = try opening(folder, tokens, validation: DataDescription(.split(fraction: 0.5))).open()
    #expect(parts.training.cut.map(\.count) == [3])
    #expect(parts.validation?.cut == [])
    tokens.length = 4
    #expect(try opening(folder, tokens).open().training.cut == [])
  }

  /// A text without a word is unknown, not hidden: padding alone would leave a mask nothing.
  @Test func tellsOfTextsWithoutAWord() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\ta b\n1\t...!?\n0\tb\n1\t--\n")
    let data = try opening(folder, TokenTransform(.words(vocabulary: 10))).open().training
    #expect(try data.numbers("text") == [3, 2, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0])
    #expect(data.wordless.count == 1)
    for words in ["t.tsv:3: column `text`: `...!?` has no word", "`unknown`", "2 of 4 texts"] {
      #expect(data.wordless.first?.contains(words) == true, "\(data.wordless)")
    }
    #expect(try opening(folder, TokenTransform(.characters)).open().training.wordless == [])
  }

  /// Vocabulary and statistics of a training hold for other data, whatever that data itself would give.
  @Test func takesWhatATrainingHasLearnt() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n" + (0..<40).map { "\($0 % 2)\tshared own\($0)" }.joined(separator: "\n"))
    let tokens = TokenTransform(.words(vocabulary: 50))
    let first = try opening(
      folder, tokens, length: 2, values: 50, validation: DataDescription(.split(fraction: 0.25))
    ).open().training
    let table = TableDescription(
      path: "v.tsv", delimiter: .tsv,
      tensors: [.init("text", columns: [.title("text")]), .init("y", columns: [.title("y")])])
    folder.write("v.tsv", "y\ttext\n0\tnew shared\n")
    func again(_ tokens: TokenTransform) throws -> DataOpening.Parts {
      var other = opening(
        folder, tokens, length: 2, values: 50,
        validation: DataDescription(.table(table), transforms: [.tokens(tokens)]))
      other.learnt = DataOpening.Learnt(transforms: [], encoders: first.encoders)
      return try other.open()
    }
    // All 40 rows have 41 words; the training part knew 31 of them.
    #expect(try again(tokens).training.encoders[0].pieces == first.encoders[0].pieces)
    #expect(first.encoders[0].pieces.count == 33)
    #expect(try again(tokens).validation?.numbers("text") == [1, 2])
    try expectError(.description, "the data has `pad=3` in `words` where the training has `pad=0`") {
      try again(TokenTransform(.words(vocabulary: 50), pad: 3))
    }
    try expectError(.description, "the data has `chars` where the training has `words`") {
      try again(TokenTransform(.characters))
    }
  }

  @Test func refusesNumbersThatTheNetDoesNotHave() throws {
    let folder = TemporaryFolder()
    folder.write("t.tsv", "y\ttext\n0\ta\n")
    try expectError(.description, "words makes 20 different numbers, but text has only 10", "index(20)") {
      try opening(folder, TokenTransform(.words(vocabulary: 20))).open()
    }
    try expectError(.description, "makes rows of 5 numbers, text is index(10)[4]") {
      try opening(folder, TokenTransform(.words(vocabulary: 10), length: 5)).open()
    }
    try expectError(.description, "bytes makes numbers up to 257", "index(258)") {
      try opening(folder, TokenTransform(.bytes)).open()
    }
    var numbers = opening(folder, TokenTransform(.words(vocabulary: 10)))
    numbers.training.transforms = []
    try expectError(.description, "text is index(10)[4], but is given 1 column", "words(…)") { try numbers.open() }
  }

  /// A model of a few pieces, written byte by byte after `sentencepiece_model.proto`.
  @Test func cutsTextsByAUnigramModel() throws {
    func piece(_ text: String, _ score: Float, _ kind: UInt8 = 1) -> [UInt8] {
      let bytes = Array(text.utf8)
      let bits = score.bitPattern
      let message =
        [0x0A, UInt8(bytes.count)] + bytes + [0x15]
        + (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) } + [0x18, kind]
      return [0x0A, UInt8(message.count)] + message
    }
    let model = try UnigramModel(
      piece("<pad>", 0, 3) + piece("</s>", 0, 3) + piece("<unk>", 0, 2) + piece("▁the", -1) + piece("▁", -2)
        + piece("t", -3) + piece("h", -3) + piece("e", -3) + piece("en", -1.5) + piece("▁then", -9)
        + piece("▁a", -1), path: "m")
    // ▁the + n would need an unknown; ▁then is -9, ▁ t h en is -9.5.
    #expect(model.encode("the  then") == [3, 9])
    #expect(model.encode("a zzt") == [10, 4, 2, 5])
    #expect(model.encode("") == [])
    #expect(model.decode([10, 4, 5, 8]) == "a ten")
    try expectError(.badData, "no SentencePiece model") { try UnigramModel([0x0A, 0x7F, 1], path: "m") }
    try expectError(.badData, "no SentencePiece model") { try UnigramModel([], path: "m") }
  }
}
