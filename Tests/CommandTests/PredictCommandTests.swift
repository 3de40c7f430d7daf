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
    #expect(long.errors.contains("the command line: text 1: the text has 7 pieces, the net reads 5"))
    let foreign = try NetcProcess(["predict", "r", "ab", "zz"], in: folder.path)
    #expect(foreign.errors.contains("warning: the command line: text 2: `zz` has no character that the net knows"))
    #expect(!foreign.errors.contains("text 1"), "\(foreign.errors)")
    let json = try NetcProcess(["predict", "r", "dcba", "bad", "--format", "json"], in: folder.path)
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: String]]
    #expect(list == [["input": "dcba", "answer": "DCBA"], ["input": "bad", "answer": "BAD"]], "\(json.errors)")
    let csv = try NetcProcess(["predict", "r", "dcba", "--format", "csv"], in: folder.path)
    #expect(csv.output == "input,answer\ndcba,DCBA\n")
    for (option, value) in [("--length", "3"), ("--seed", "3")] {
      let refused = try NetcProcess(["predict", "r", "ab", option, value], in: folder.path)
      #expect(refused.status == 64 && refused.errors.contains(option), "\(option): \(refused.errors)")
    }
    let second = try NetcProcess(["predict", "r", "ab", " "], in: folder.path)
    #expect(second.status == 65 && second.errors.contains("text 2: there is nothing to read"), "\(second.errors)")
    let file = try NetcProcess(["predict", "r", "r"], in: folder.path)
    #expect(file.errors.contains("`r` is also a file or folder"), "\(file.errors)")
    // A vocabulary that lacks what the weights were trained with.
    try folder.write("r/vocabulary.json", "[]")
    let none = try NetcProcess(["predict", "r", "ab"], in: folder.path)
    #expect(
      none.status == 65 && none.errors.contains("r/vocabulary.json: has no vocabulary for `large`"), "\(none.errors)")
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

  /// A model that learns to say the alphabet on: prompts stay as they were written, in every format.
  @Test func goesOnWhereAPromptEnds() throws {
    let folder = try TestFolder()
    try folder.write("t.txt", String(repeating: "abcdefgh", count: 60))
    try folder.write(
      "lm.net",
      """
      net LM {
        input text: index(12)[8]
        output logits: f32[8, 12] = text -> shift_right(start=0) -> embedding(12, 12) -> linear(12)
      }
      train LM {
        data      = text("t.txt") -> chars
        loss      = cross_entropy(logits, text)
        optimizer = adam(lr=0.1)
        batch     = 8
        epochs    = 30
      }

      """)
    let run = try NetcProcess(["run", "lm.net", "--out", "r", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let text = try NetcProcess(["predict", "r", "☃Zc", "d", "--length", "3"], in: folder.path)
    #expect(text.output == "☃Zcdef\ndefg\n", "\(text.errors)")
    let json = try NetcProcess(["predict", "r", "☃Zc", "--length", "3", "--format", "json"], in: folder.path)
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: String]]
    #expect(list == [["prompt": "☃Zc", "continuation": "def"]])
    let csv = try NetcProcess(["predict", "r", "a,c", "--length", "2", "--format", "csv"], in: folder.path)
    #expect(csv.output == "prompt,continuation\n\"a,c\",de\n")
    // What has no word, or none that it knows, is told.
    try folder.write("w.txt", String(repeating: "one two three four ", count: 40))
    let words = ["run", "lm.net", "--set", "data=text(\"w.txt\") -> words(12)", "--epochs", "1", "--out", "w"]
    #expect(try NetcProcess(words + ["--progress", "none"], in: folder.path).status == 0)
    let strange = try NetcProcess(["predict", "w", "one", "...", "five", "--length", "2"], in: folder.path)
    #expect(strange.errors.contains("text 2: `...` has no word: it is read as `unknown`"), "\(strange.errors)")
    #expect(strange.errors.contains("text 3: `five` has no word that the net knows"), "\(strange.errors)")
    #expect(strange.status == 0 && !strange.errors.contains("text 1"), "\(strange.errors)")
    // One place is enough: it reads what stands before the net's sequence and nothing else.
    let single = ["run", "lm.net", "--set", "data=text(\"a.txt\") -> chars", "--out", "q", "--progress", "none"]
    try folder.write("a.txt", String(repeating: "a", count: 64))
    try folder.write(
      "lm.net", try folder.text("lm.net").replacing("[8]", with: "[1]").replacing("f32[8,", with: "f32[1,"))
    let short = try NetcProcess(single, in: folder.path)
    #expect(short.status == 0, "\(short.errors)")
    for option in [["--beam", "3"], []] {
      let more = try NetcProcess(["predict", "q", "ab", "--length", "2"] + option, in: folder.path)
      #expect(more.output == "abaa\n", "\(more.errors)")
    }
  }

  /// Of two outputs the one that the loss scores is written.
  @Test func writesTheOutputThatTheLossScores() throws {
    let folder = try TestFolder()
    try folder.write("t.txt", String(repeating: "abcdefgh", count: 60))
    try folder.write(
      "lm.net",
      """
      net LM {
        input text: index(12)[8]
        known = text -> shift_right(start=0) -> embedding(12, 12)
        output centre = known -> mean(0)
        output logits: f32[8, 12] = known -> linear(12)
      }
      train LM {
        data      = text("t.txt") -> chars
        loss      = cross_entropy(logits, text)
        optimizer = adam(lr=0.1)
        batch     = 8
        epochs    = 30
      }

      """)
    let run = try NetcProcess(["run", "lm.net", "--out", "r", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    for option in [["--beam", "2"], []] {
      let text = try NetcProcess(["predict", "r", "b", "--length", "4"] + option, in: folder.path)
      #expect(text.output == "bcdef\n", "\(text.errors)")
    }
  }

  /// Measured on other data, a net reads it as it was taught: by the vocabulary of its training part, not by one of all rows.
  @Test func measuresOtherTextsByItsOwnVocabulary() throws {
    let folder = try TestFolder()
    try folder.write(
      "c.net",
      """
      net C {
        input text: index(60)[4]
        output logits: f32[2] = text -> embedding(60, 8) -> lstm(8, mask=(text != 0)) -> linear(2)
      }
      train C {
        target label: index(2)
        data       = tsv("t.tsv", text=text, label=label) -> words(60)
        validation = split(data, 0.5)
        loss       = cross_entropy(logits, label)
        metrics    = [accuracy]
        optimizer  = adam(lr=0.01)
        batch      = 4
        epochs     = 1
        checkpoint = every(1 epoch)
      }

      """)
    let rows = (0..<24).map { "\($0 % 2 == 0 ? "no" : "yes")\tword\($0 % 5) own\($0)" }
    try folder.write("t.tsv", (["label\ttext"] + rows).joined(separator: "\n"))
    try folder.write("v.tsv", (["label\ttext"] + rows[3..<9]).joined(separator: "\n"))
    let run = try NetcProcess(["run", "c.net", "--out", "r", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let other = "validation=tsv(\"v.tsv\", text=text, label=label) -> words(60)"
    let measured = try NetcProcess(["eval", "r", "--set", other, "--format", "json"], in: folder.path)
    #expect(measured.status == 0, "\(measured.errors)")
    let loss = try #require(
      try (JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any])?["loss"] as? Double)
    // What was learnt from is not needed for it.
    try FileManager.default.moveItem(atPath: folder.path + "/t.tsv", toPath: folder.path + "/away.tsv")
    let alone = try NetcProcess(["eval", "r", "--set", other, "--format", "json"], in: folder.path)
    #expect(alone.output == measured.output, "\(alone.errors)")
    let needed = try NetcProcess(["eval", "r"], in: folder.path)
    #expect(needed.status == 66 && needed.errors.contains("t.tsv"), "\(needed.errors)")
    try FileManager.default.moveItem(atPath: folder.path + "/away.tsv", toPath: folder.path + "/t.tsv")
    // The answers to the same texts give the loss.
    let asked = try NetcProcess(["predict", "r", "v.tsv", "--format", "json"], in: folder.path)
    let answers = try #require(try JSONSerialization.jsonObject(with: Data(asked.output.utf8)) as? [[String: Any]])
    let losses = zip(answers, 3..<9).map { answer, row in
      -log((answer["probabilities"] as? [String: Double])?[row % 2 == 0 ? "no" : "yes"] ?? 0)
    }
    #expect(losses.count == 6 && abs(losses.reduce(0, +) / 6 - loss) < 1e-5)
    // A table with commas is one as well; what is none is told.
    try folder.write(
      "v.csv", (["label,text"] + rows[3..<9].map { $0.replacing("\t", with: ",") }).joined(separator: "\n"))
    let commas = try NetcProcess(["predict", "r", "v.csv", "--format", "json"], in: folder.path)
    #expect(commas.output == asked.output.replacing("v.tsv", with: "v.csv"), "\(commas.errors)")
    let missing = try NetcProcess(["predict", "r", "nofile.tsv"], in: folder.path)
    #expect(missing.status == 66 && missing.errors.contains("nofile.tsv: no such file"), "\(missing.errors)")
    let strange = try NetcProcess(["predict", "r", "word1", "...", "nothing of it"], in: folder.path)
    #expect(strange.errors.contains("text 2: `...` has no word: it is read as `unknown`"), "\(strange.errors)")
    #expect(strange.errors.contains("text 3: `nothing of it` has no word that the net knows"), "\(strange.errors)")
    #expect(strange.errors.split(separator: "\n").count == 2, "\(strange.errors)")
    let mixed = try NetcProcess(["predict", "r", "v.tsv", "word1"], in: folder.path)
    #expect(mixed.status == 1 && mixed.errors.contains("`word1` is no table, others are"), "\(mixed.errors)")
    let named = try NetcProcess(["predict", "r", "r"], in: folder.path)
    #expect(named.status == 0 && named.errors.contains("`r` is also a file or folder"), "\(named.errors)")
    for option in ["--beam", "--length", "--temperature"] {
      let refused = try NetcProcess(["predict", "r", "word1", option, "1"], in: folder.path)
      #expect(refused.status == 64 && refused.errors.contains("\(option) has no meaning here"), "\(refused.errors)")
    }
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
