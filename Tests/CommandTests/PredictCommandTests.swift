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
