import Foundation
import Testing

/// A net of texts from its training to its answers.
@Suite struct PredictCommandTests {
  /// Letters and their upper case, which a net of one table learns in a few epochs.
  private static let net = """
    net Upper {
      input small: index(12)[5]
      input large: index(12)[5]
      output logits: f32[5, 12] = small -> embed: embedding(12, 12) -> fc: linear(12)
    }

    train Upper {
      data      = tsv("pairs.tsv", small=small, large=large) -> chars(end=2, tensors=[small]) -> chars(end=2, tensors=[large])
      loss      = cross_entropy(logits, large, ignore=0)
      optimizer = adam(lr=0.3)
      batch     = 8
      epochs    = 30
    }

    """

  @Test func answersAsItWasTaught() throws {
    let folder = try TestFolder()
    try folder.write("upper.net", Self.net)
    let words = ["ab", "bcd", "dac", "c", "bad", "cab", "abcd", "dd"]
    let rows = words.map { "\($0)\t\($0.uppercased())" }
    try folder.write("pairs.tsv", (["small\tlarge"] + rows).joined(separator: "\n"))
    let run = try NetcProcess(["run", "upper.net", "--out", "r", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let vocabulary = try String(contentsOfFile: folder.path + "/r/vocabulary.json", encoding: .utf8)
    #expect(vocabulary.contains("\"transform\": \"chars\""))
    let answer = try NetcProcess(["predict", "r", "dcba", "bad"], in: folder.path)
    #expect(answer.output == "DCBA\nBAD\n", "\(answer.errors)")
    let long = try NetcProcess(["predict", "r", "abcdab"], in: folder.path)
    #expect(long.status == 65)
    #expect(long.errors.contains("the text has 7 pieces, the net reads 5"))
  }

  /// Weights mean nothing with other pieces, even where there are as many of them.
  @Test func refusesAnotherVocabulary() throws {
    let folder = try TestFolder()
    try folder.write("upper.net", Self.net)
    let other = Self.net.replacingOccurrences(of: "pairs.tsv", with: "other.tsv")
    try folder.write("other.net", other)
    let words = ["ab", "bcd", "dac", "c", "bad", "cab", "abcd", "dd"]
    func table(_ words: [String]) -> String {
      (["small\tlarge"] + words.map { "\($0)\t\($0.uppercased())" }).joined(separator: "\n")
    }
    try folder.write("pairs.tsv", table(words))
    let turned = words.map { $0.replacingOccurrences(of: "a", with: "e") }
    try folder.write("other.tsv", table(turned))
    for (file, out) in [("upper.net", "r"), ("other.net", "q")] {
      let run = try NetcProcess(
        ["run", file, "--out", out, "--epochs", "1", "--progress", "none", "--set", "checkpoint=every(1 epoch)"],
        in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
    }
    let looked = try NetcProcess(["data", "check", "upper.net"], in: folder.path)
    // 21 letters and 8 ends in 8 words.
    #expect(looked.output.contains("small: index(12)[5], texts fill 3.625 places in the mean, 5 at most\n"))
    func refuses(_ arguments: [String], _ what: String) throws {
      let result = try NetcProcess(arguments, in: folder.path)
      #expect(result.status == 65 && result.errors.contains(what), "\(arguments): \(result.errors)")
      #expect(result.errors.contains("must come from the same run"), "\(result.errors)")
    }
    try refuses(["run", "other.net", "--weights", "r/weights.safetensors"], "other.tsv: its vocabulary for `large`")
    try refuses(["eval", "other.net", "--weights", "r/weights.safetensors"], "other.tsv: its vocabulary for `large`")
    try folder.write("r/vocabulary.json", try folder.text("q/vocabulary.json"))
    try refuses(["predict", "r", "ab"], "r/vocabulary.json: its vocabulary for `large`")
    func goesOn(_ refusal: String) throws {
      let result = try NetcProcess(["run", "--resume", "r", "--epochs", "3"], in: folder.path)
      #expect(result.status == 65 && result.errors.contains(refusal), "\(result.errors)")
    }
    try goesOn("r/vocabulary.json: is not the vocabulary that the run began with")
    // The numbers of these texts are the same, the pieces that they stand for are not.
    try folder.write("pairs.tsv", table(turned))
    try goesOn("the data is not what it was when the run began")
    try folder.write("pairs.tsv", table(words))
    try FileManager.default.removeItem(atPath: folder.path + "/r/vocabulary.json")
    let missing = try NetcProcess(["predict", "r", "ab"], in: folder.path)
    #expect(missing.status == 66 && missing.errors.contains("r/vocabulary.json"), "\(missing.errors)")
    let more = try NetcProcess(
      ["run", "upper.net", "--weights", "r/weights.safetensors", "--epochs", "1", "--progress", "none"],
      in: folder.path)
    #expect(more.status == 0, "\(more.errors)")
  }

  /// A SentencePiece vocabulary and a block from another file, both out of reach when the net answers; greedily and with a beam.
  @Test func runsKeepVocabulariesAndImports() throws {
    let folder = try TestFolder()
    try folder.write(
      "parts.net",
      """
      import "deep/size.net"
      block look(heads) {
        input x: f32[t, d]
        output y = x + (x -> norm: rms_norm -> attn: attention(heads, causal=true) -> wide: linear(wide) -> wo: linear(d))
      }

      """)
    try FileManager.default.createDirectory(atPath: folder.path + "/deep", withIntermediateDirectories: true)
    try folder.write("deep/size.net", "const wide = 24\n")
    try folder.write(
      "echo.net",
      """
      import "parts.net"

      net Echo {
        input source: index(9)[6]
        input copy: index(9)[6]
        layer tok: embedding(9, 16)
        memory = source -> tok -> sinusoid
        start = copy -> shift_right(start=0) -> tok -> sinusoid -> look(2)
        output logits: f32[6, 9] = (start + (start -> norm: rms_norm -> listen: attention(2, keys=memory)))
          -> last: rms_norm -> fc: linear(9)
      }

      train Echo {
        data      = tsv("pairs.tsv", source=source, copy=copy) -> sentencepiece("v.spiece", pad=0, end=1, unknown=2)
        loss      = cross_entropy(logits, copy, ignore=0)
        metrics   = [exact_match]
        optimizer = adam(lr=0.02)
        batch     = 8
        epochs    = 150
      }

      """)
    var vocabulary = Data()
    for (text, score, kind) in [
      ("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("\u{2581}a", -1, 1), ("\u{2581}b", -1.5, 1),
      ("\u{2581}c", -1.5, 1), ("\u{2581}", -4, 1), ("a", -4, 1), ("b", -4, 1),
    ] as [(String, Float, UInt8)] {
      let bytes = Array(text.utf8)
      let bits = withUnsafeBytes(of: score.bitPattern.littleEndian) { Array($0) }
      let message = [0x0A, UInt8(bytes.count)] + bytes + [0x15] + bits + [0x18, kind]
      vocabulary += [0x0A, UInt8(message.count)] + message
    }
    try folder.write("v.spiece", vocabulary)
    let texts = ["a b", "b a c", "c", "a a b", "c b a", "b", "a c", "b b c"]
    try folder.write("pairs.tsv", (["source\tcopy"] + texts.map { "\($0)\t\($0)" }).joined(separator: "\n"))
    let run = try NetcProcess(["run", "echo.net", "--out", "r", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    for name in ["parts.net", "deep/size.net", "v.spiece", "echo.net"] {
      try FileManager.default.removeItem(atPath: folder.path + "/" + name)
    }
    for beam in ["1", "3"] {
      let answer = try NetcProcess(["predict", "r", "b a c", "a a b", "--beam", beam], in: folder.path)
      #expect(answer.output == "b a c\na a b\n", "beam \(beam): \(answer.errors)")
    }
    let empty = try NetcProcess(["predict", "r", " "], in: folder.path)
    #expect(empty.status == 65 && empty.errors.contains("nothing to read"), "\(empty.errors)")
    let broken = try NetcProcess(script: "\"$NETC\" predict r $'a\\xff'", in: folder.path)
    #expect(broken.status == 64 && broken.errors.contains("argument 3 is not UTF-8"), "\(broken.errors)")
    let both = try NetcProcess(["predict", "r", "a", "--beam", "2", "--temperature", "1"], in: folder.path)
    #expect(both.status == 64)
  }

  @Test func refusesWhatIsNoRunOfTexts() throws {
    let folder = try TestFolder()
    try folder.write("upper.net", Self.net)
    let missing = try NetcProcess(["predict", "no", "a"], in: folder.path)
    #expect(missing.status == 66)
    try folder.write("resolved.net", Self.net.replacingOccurrences(of: "large]) ", with: "large])"))
    try folder.write("vocabulary.json", "[{\"transform\": 3}]")
    let broken = try NetcProcess(["predict", ".", "a"], in: folder.path)
    #expect(broken.status == 65)
    #expect(broken.errors.contains("vocabulary.json"), "\(broken.errors)")
  }
}
