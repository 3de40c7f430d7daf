import Foundation
import Testing

@Suite struct RunCommandTests {
  private func losses(_ folder: TestFolder, _ run: String) throws -> [Double] {
    try folder.text(run + "/steps.jsonl").split(separator: "\n").enumerated().map { index, line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["step"] as? Int == index + 1)
      return try #require(object["loss"] as? Double)
    }
  }

  @Test func aRunLeavesItsFolder() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      ["run", "small.net", "--out", "deep/run", "--set", "validation=csv(\"small.csv\", x=[a, b], y=y)"],
      in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      folder.names("deep/run")?.filter { !$0.hasPrefix("events.out.tfevents.") } == [
        "given.net", "metrics.csv", "preprocessing.json", "report.html", "resolved.net", "run.json", "steps.jsonl",
        "weights.safetensors",
      ])
    #expect(try folder.text("deep/run/given.net") == SmallNet.text)
    #expect(try losses(folder, "deep/run").count == 6)
    let rows = try folder.text("deep/run/metrics.csv").split(separator: "\n")
    #expect(rows.first == "epoch,step,learning_rate,loss,seconds,val.loss,val.accuracy")
    #expect(rows.count == 3)
    #expect(rows.last?.hasPrefix("2,6,0.1,") == true)
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(try folder.text("deep/run/run.json").utf8)) as? [String: Any])
    #expect(record["exit_reason"] as? String == "finished")
    #expect(record["net"] as? String == "Small")
    #expect(record["parameters"] as? Int == 4 * 2 + 4 + 2 * 4 + 2)
    // One line for each epoch, and the conclusion as the result.
    #expect(run.errors.split(separator: "\n").count == 2)
    #expect(run.output.contains("12 validation examples"))
  }

  /// What a run leaves that is killed before its folder has a name is removed by the next one; what lives, or is none of ours, stays.
  @Test func removesWhatKilledRunsLeft() throws {
    let folder = try SmallNet.folder()
    // No process has so high a number.
    for name in [".Small-20260101-000000.99999999.partial", ".lives.\(getpid()).partial", ".other.partial"] {
      try FileManager.default.createDirectory(atPath: folder.path + "/runs/" + name, withIntermediateDirectories: true)
      try folder.write("runs/\(name)/given.net", "x")
    }
    let run = try NetcProcess(["run", "small.net", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs").filter { $0.hasPrefix(".") }
    #expect(left.sorted() == [".lives.\(getpid()).partial", ".other.partial"])
  }

  /// The accuracy that a run tells in its last lines.
  private func accuracy(_ arguments: [String]) throws -> Double {
    let folder = try TestFolder()
    let run = try NetcProcess(["run"] + arguments + ["--out", folder.path + "/run"])
    #expect(run.status == 0, "\(run.errors)")
    let word = try #require(run.output.components(separatedBy: "accuracy ").last?.prefix { $0 != "," })
    return try #require(Double(word))
  }

  @Test func theEmbeddedDigitsAreLearnt() throws {
    #expect(try accuracy(["models/digits.net"]) >= 0.98)
  }

  /// No straight line separates the four cases of exclusive or; a hidden layer does.
  @Test func exclusiveOrNeedsTwoLayers() throws {
    #expect(try accuracy(["models/xor.net", "Perceptron"]) <= 0.75)
    #expect(try accuracy(["models/xor.net", "TwoLayers"]) == 1)
    let both = try NetcProcess(["run", "models/xor.net"])
    #expect(both.status == 64)
    #expect(both.errors.contains("several nets: Perceptron, TwoLayers"))
  }

  /// A net that two sections train: each is chosen by its number, and its run can be evaluated without one.
  @Test func trainingsOfOneNetAreNumbered() throws {
    let folder = try TestFolder()
    func train(_ optimizer: String) -> String {
      """
      train A {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(logits, label)
        optimizer = \(optimizer)
        steps     = 1
      }

      """
    }
    try folder.write(
      "a.net",
      "net A {\n  input image: f32[1, 8, 8]\n  output logits = image -> flatten -> linear(10)\n}\n\n"
        + train("adam(lr=1e-3)") + "\n" + train("sgd(lr=0.5)"))
    for arguments in [["a.net"], ["a.net", "A"]] {
      let run = try NetcProcess(["run"] + arguments, in: folder.path)
      #expect(run.status == 64)
      #expect(run.errors.contains("trains A 2 times") && run.errors.contains("A:1, A:2"), "\(run.errors)")
    }
    for (name, optimizer) in [("A:1", "adam(lr=1e-3)"), ("A:2", "sgd(lr=0.5)")] {
      let run = try NetcProcess(["run", "a.net", name, "--out", optimizer], in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try folder.text("\(optimizer)/resolved.net").contains("= \(optimizer)\n"))
      #expect(try NetcProcess(["eval", optimizer], in: folder.path).status == 0)
    }
    let third = try NetcProcess(["run", "a.net", "A:3"], in: folder.path)
    #expect(third.status == 64 && third.errors.contains("A is trained 2 times: A:1, A:2"), "\(third.errors)")
    // Both train the same net.
    let summary = try NetcProcess(["summary", "a.net"], in: folder.path)
    #expect(summary.status == 0 && summary.output.contains("650"), "\(summary.errors)")
  }

  @Test func theResolvedFileRunsTheSame() throws {
    let folder = try SmallNet.folder()
    let first = try NetcProcess(
      ["run", "small.net", "--out", "a", "--set", "Small.width=6", "--seed", "7", "--set", "batch=3"], in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    try folder.write("again.net", try folder.text("a/resolved.net"))
    let second = try NetcProcess(["run", "again.net", "--out", "b"], in: folder.path)
    #expect(second.status == 0, "\(second.errors)")
    #expect(try folder.text("a/steps.jsonl") == folder.text("b/steps.jsonl"))
    // Its paths mean the same from its own folder and from any other.
    let third = try NetcProcess(["run", folder.path + "/a/resolved.net", "--out", folder.path + "/c"])
    #expect(third.status == 0, "\(third.errors)")
    #expect(try folder.text("a/steps.jsonl") == folder.text("c/steps.jsonl"))
  }

  @Test func saysHowLongItWaitedForData() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(["run", "small.net", "--out", "a"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let record = try #require(
      JSONSerialization.jsonObject(with: Data(folder.text("a/run.json").utf8)) as? [String: Any])
    let share = try #require(record["waiting_for_data"] as? Double)
    #expect(share > 0 && share < 1)
    #expect(try folder.text("a/report.html").contains("waiting for data"))
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let folder = try TestFolder()
    var weights: [Data] = []
    for threads in [1, 2, 3, 4, 8] {
      let out = folder.path + "/\(threads)"
      let run = try NetcProcess([
        "run", "models/digits.net", "--steps", "20", "--threads", "\(threads)", "--out", out, "--progress", "none",
      ])
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.isEmpty && run.errors.isEmpty)
      weights.append(try Data(contentsOf: URL(filePath: out + "/weights.safetensors")))
    }
    #expect(weights.allSatisfy { $0 == weights[0] })
  }

  @Test func trainingGoesOnFromGivenWeights() throws {
    let folder = try SmallNet.folder()
    #expect(try NetcProcess(["init", "small.net", "--out", "w.safetensors"], in: folder.path).status == 0)
    for (out, options) in [("a", ["--weights", "w.safetensors"]), ("b", [])] {
      #expect(try NetcProcess(["run", "small.net", "--out", out] + options, in: folder.path).status == 0)
    }
    // The initial weights of a run are those that `init` writes.
    #expect(try folder.text("a/steps.jsonl") == folder.text("b/steps.jsonl"))
    let narrow = try NetcProcess(
      ["run", "small.net", "--weights", "w.safetensors", "--set", "Small.width=5", "--out", "c"], in: folder.path)
    #expect(narrow.status == 65)
    #expect(narrow.errors.contains("shape differs: 3"), "\(narrow.errors)")
    #expect(narrow.errors.contains("`fc1.weight`: the net has [5, 2], the file [4, 2]"))
    #expect(folder.names("c") == nil)
  }

  /// The trunk of a net with a head of its own for other classes: only the named part may differ.
  @Test func aNewHeadOnKnownWeights() throws {
    let folder = try SmallNet.folder()
    #expect(
      try NetcProcess(["run", "small.net", "--out", "base"], in: folder.path).status == 0)
    let head = SmallNet.text.replacingOccurrences(of: "fc2: linear(2)", with: "head: linear(2)")
    try folder.write(
      "head.net",
      head.replacingOccurrences(of: "batch     = 4", with: "batch = 4\n  weights = \"base/weights.safetensors\""))
    let refused = try NetcProcess(["run", "head.net", "--out", "a"], in: folder.path)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("missing in the file: 2") && refused.errors.contains("not in the net: 2"))
    // Nothing is like the two parts that do not fit but for the name.
    #expect(refused.errors.contains("would fit with `head` in place of the file's `fc2`"), "\(refused.errors)")
    try folder.write(
      "wide.net", SmallNet.text.replacingOccurrences(of: "fc2: linear(2)", with: "fc2: linear(2) -> fc3: linear(2)"))
    let wide = try NetcProcess(
      ["run", "wide.net", "--weights", "base/weights.safetensors", "--out", "a"], in: folder.path)
    #expect(wide.errors.contains("pretrained(\"base/weights.safetensors\", new=[fc3])"), "\(wide.errors)")
    let rule = "weights=pretrained(\"base/weights.safetensors\", new=fc3)"
    let frozen = ["--set", "freeze=[fc1, fc2]", "--set", "optimizer=sgd(lr=1)"]
    let tuned = try NetcProcess(["run", "wide.net", "--set", rule, "--out", "b"] + frozen, in: folder.path)
    #expect(tuned.status == 0 && tuned.errors.contains("4 of 6 tensors taken, fc3 new"), "\(tuned.errors)")
    // What is frozen is still that of the file, what is new has been trained.
    let base = try tensors(folder, "base")
    let result = try tensors(folder, "b")
    for name in ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"] { #expect(result[name] == base[name], "\(name)") }
    #expect(try NetcProcess(["init", "wide.net", "--out", "b/w", "--seed", "0"], in: folder.path).status == 0)
    #expect(try tensors(folder, "b", "w")["fc3.weight"] != result["fc3.weight"])
    let wrong = try NetcProcess(
      ["run", "wide.net", "--set", "weights=pretrained(\"w\", new=fc4)", "--out", "c"], in: folder.path)
    #expect(wrong.status == 1 && wrong.errors.contains("no parameter of the net is under `fc4`"), "\(wrong.errors)")
  }

  /// A net whose head has another name and another form than that of its weights.
  @Test func leavesAnOldHeadOut() throws {
    let folder = try SmallNet.folder()
    #expect(try NetcProcess(["run", "small.net", "--out", "base"], in: folder.path).status == 0)
    try folder.write(
      "head.net", SmallNet.text.replacingOccurrences(of: "fc2: linear(2)", with: "mid: linear(3) -> head: linear(2)"))
    let refused = try NetcProcess(
      ["run", "head.net", "--weights", "base/weights.safetensors", "--out", "a"], in: folder.path)
    let rule = "pretrained(\"base/weights.safetensors\", new=[mid, head], unused=[fc2])"
    #expect(refused.status == 65 && refused.errors.contains("weights = \(rule)"), "\(refused.errors)")
    let tuned = try NetcProcess(
      ["run", "head.net", "--set", "weights=\(rule)", "--set", "freeze=fc1", "--out", "b"], in: folder.path)
    #expect(tuned.status == 0 && tuned.errors.contains("2 of 6 tensors taken, mid, head new"), "\(tuned.errors)")
    #expect(try tensors(folder, "b")["fc1.weight"] == tensors(folder, "base")["fc1.weight"])
    #expect(try tensors(folder, "b").keys.contains("fc2.weight") == false)
    let idle = rule.replacingOccurrences(of: "unused=[fc2]", with: "unused=[fc3]")
    let wrong = try NetcProcess(["run", "head.net", "--set", "weights=\(idle)", "--out", "c"], in: folder.path)
    #expect(wrong.status == 65 && wrong.errors.contains("has nothing under `fc3`"), "\(wrong.errors)")
  }

  /// The bytes of each tensor in a run's weights.
  private func tensors(_ folder: TestFolder, _ run: String, _ name: String = "weights.safetensors") throws -> [String:
    Data]
  {
    let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/\(run)/\(name)"))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: bytes[8..<(8 + length)]) as? [String: [String: Any]])
    return header.filter { $0.key != "__metadata__" }.compactMapValues { entry in
      guard let offsets = entry["data_offsets"] as? [Int] else { return nil }
      return bytes[(8 + length + offsets[0])..<(8 + length + offsets[1])]
    }
  }

  @Test func theSplitIsSaved() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      ["run", "small.net", "--out", "a", "--set", "validation=split(data, 1/3)"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let split = try #require(
      try JSONSerialization.jsonObject(with: Data(try folder.text("a/split.json").utf8)) as? [String: Any])
    let rows = try #require(split["validation"] as? [Int])
    // Two of the six examples of each class.
    #expect(rows.count == 4 && rows.filter { $0 < 6 }.count == 2 && split["training"] as? Int == 8)
  }

  /// With a rate of 0 the second epoch is no better than the first one; with one that overshoots, the best weights are kept.
  @Test func stopsEarly() throws {
    let folder = try SmallNet.folder()
    let common = ["--set", "validation=csv(\"small.csv\", x=[a, b], y=y)", "--epochs", "9"]
    let still = try NetcProcess(
      ["run", "small.net", "--out", "a", "--set", "optimizer=sgd(lr=0)", "--set", "early_stop=patience(2 epochs)"]
        + common,
      in: folder.path)
    #expect(still.status == 0, "\(still.errors)")
    #expect(still.output.contains("after 3 epochs") && still.output.contains("stopped early"), "\(still.output)")
    let rule = "early_stop=patience(3 epochs, on=val.loss, restore=true)"
    let best = try NetcProcess(
      ["run", "small.net", "--out", "b", "--set", "optimizer=sgd(lr=9, momentum=0.9)", "--set", rule] + common,
      in: folder.path)
    #expect(best.status == 0, "\(best.errors)")
    #expect(best.output.contains("the weights are those of epoch"), "\(best.output)")
    func validationLosses(_ run: String) throws -> [Double] {
      try folder.text(run + "/metrics.csv").split(separator: "\n").dropFirst().compactMap {
        Double($0.split(separator: ",")[5])
      }
    }
    let again = try NetcProcess(
      ["run", "small.net", "--out", "c", "--weights", "b/weights.safetensors", "--set", "optimizer=sgd(lr=0)"] + common,
      in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    let lowest = try #require(try validationLosses("b").min())
    #expect(abs(try validationLosses("c")[0] - lowest) <= 1e-6 * lowest)
  }

  @Test func stepsAndEpochsReplaceEachOther() throws {
    let folder = try SmallNet.folder()
    for (out, options, count) in [
      ("a", ["--steps", "4"], 4), ("b", ["--epochs", "3"], 9), ("c", ["--set", "steps=2"], 2),
      ("d", ["--batch", "all", "--epochs", "5"], 5),
    ] {
      let run = try NetcProcess(["run", "small.net", "--out", out] + options, in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try losses(folder, out).count == count)
    }
  }

  @Test func aDryRunWritesNothing() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(["run", "small.net", "--dry-run", "--out", "x"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("12 examples"))
    #expect(run.output.contains("time: about ") && run.output.contains("disk: "))
    #expect(folder.names() == ["small.csv", "small.net"])
  }

  @Test func progressForPrograms() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(["run", "small.net", "--progress", "json", "--out", "x"], in: folder.path)
    let lines = try run.errors.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["epoch"] as? Int } == [1, 2])
  }

  @Test func controlCFinishesTheStepAndSaves() throws {
    let folder = try SmallNet.folder()
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
      let run = try NetcProcess(
        script: """
          $NETC run small.net --set epochs=100000000 --out \(signal) --progress none & process=$!
          for i in $(seq 300); do [ -s \(signal)/steps.jsonl ] && break; sleep 0.1; done
          kill -\(signal) $process
          for i in $(seq 300); do kill -0 $process 2> /dev/null || break; sleep 0.1; done
          kill -KILL $process 2> /dev/null
          wait $process; echo "status $?"
          """, in: folder.path)
      #expect(run.output.contains("status \(status)\n"), "\(run.output)\(run.errors)")
      #expect(folder.names(signal)?.contains("weights.safetensors") == true)
      #expect(try folder.text(signal + "/run.json").contains("\"exit_status\": \(status)"))
    }
  }
}
