import Foundation
import Testing

/// Every bad input gets one clear message, its exit status, and no file half written.
@Suite struct BadInputTests {
  private func run(
    _ folder: TestFolder, _ options: [String], status: Int32, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.names()
    let run = try NetcProcess(["run", "small.net"] + options, in: folder.path)
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    for word in words {
      #expect(run.errors.contains(word), "`\(word)` in: \(run.errors)", sourceLocation: sourceLocation)
    }
    let errors = run.errors.split(separator: "\n").filter { $0.contains("error") }
    #expect(errors.count >= 1 && errors.count <= 2, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(folder.names() == before, sourceLocation: sourceLocation)
  }

  @Test func netAndData() throws {
    try run(try SmallNet.folder(), ["Large"], status: 64, "Large", "Small")
    let table = SmallNet.table
    try run(
      try SmallNet.folder(table: table.replacingOccurrences(of: "0.3,0.7,0", with: "0.3,0.7,2")), [], status: 65,
      "small.csv:5", "2")
    try run(
      try SmallNet.folder(table: table.replacingOccurrences(of: "0.3,0.7,0", with: "0.3,0.7")), [], status: 65,
      "small.csv:5")
    try run(
      try SmallNet.folder(table: table.replacingOccurrences(of: "0.3,0.7,0", with: "0.3,abc,0")), [], status: 65,
      "small.csv:5", "abc", "b", "`data` is set in small.net:")
    try run(try SmallNet.folder(table: ""), [], status: 65, "small.csv")
    let folder = try SmallNet.folder()
    try FileManager.default.removeItem(atPath: folder.path + "/small.csv")
    try run(folder, [], status: 66, "small.csv", "no such file")
    // A path that is right from here, and not from the folder of the file.
    try FileManager.default.createDirectory(atPath: folder.path + "/nets", withIntermediateDirectories: false)
    try folder.write("nets/small.net", SmallNet.text)
    try folder.write("small.csv", SmallNet.table)
    for command in [["run"], ["data", "check"], ["data", "show"]] {
      let elsewhere = try NetcProcess(command + ["nets/small.net"], in: folder.path)
      #expect(elsewhere.status == 66)
      #expect(elsewhere.errors.contains("folder of the .net file, nets; small.csv is"), "\(elsewhere.errors)")
    }
  }

  @Test func settings() throws {
    try run(try SmallNet.folder(), ["--set", "bacth=4"], status: 1, "bacth", "batch")
    try run(try SmallNet.folder(), ["--set", "Small.widht=4"], status: 1, "widht", "width")
    try run(try SmallNet.folder(), ["--set", "batch=0"], status: 1, "batch")
    try run(try SmallNet.folder(), ["--set", "batch=-1"], status: 1, "batch")
    try run(try SmallNet.folder(), ["--set", "batch="], status: 1, "batch")
    try run(try SmallNet.folder(), ["--set", "batch=13"], status: 1, "batch", "13", "12")
    try run(try SmallNet.folder(), ["--set", "batch=9223372036854775807"], status: 1, "batch")
    try run(try SmallNet.folder(), ["--set", "epochs=0"], status: 1, "epochs")
  }

  @Test func aNetLargerThanTheMachine() throws {
    try run(try SmallNet.folder(), ["--set", "Small.width=1000000000000"], status: 1, "small.net")
    // 16 TB of weights.
    let wide = SmallNet.text.replacingOccurrences(of: "-> relu", with: "-> linear(width)")
    try run(try SmallNet.folder(text: wide), ["--set", "Small.width=2000000"], status: 1, "memory", "available")
  }

  @Test func imagesWithWrongHeaders() throws {
    let net = SmallNet.text.replacingOccurrences(of: "x: f32[2]", with: "x: f32[1, 2, 2]")
      .replacingOccurrences(of: "= x -> fc1", with: "= x -> flatten -> fc1")
      .replacingOccurrences(of: "csv(\"small.csv\", x=[a, b], y=y)", with: "idx(\"pictures\")")
    let folder = try SmallNet.folder(text: net)
    let images = Data([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<16))
    let labels = Data([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1])
    try run(folder, [], status: 66, "pictures")
    try folder.write("pictures-images-idx3-ubyte", images)
    try folder.write("pictures-labels-idx1-ubyte", labels)
    let good = try NetcProcess(["run", "small.net", "--out", "good"], in: folder.path)
    #expect(good.status == 0, "\(good.errors)")
    for (name, bytes) in [
      ("images-idx3", images.dropLast()), ("images-idx3", Data([0, 0, 9, 3]) + images.dropFirst(4)),
      ("images-idx3", images.prefix(4) + Data([0x7F, 0xFF, 0xFF, 0xFF]) + images.dropFirst(8)),
      ("labels-idx1", labels.prefix(4) + Data([0, 0, 0, 3, 0, 1, 0])), ("labels-idx1", Data()),
    ] {
      try folder.write("pictures-images-idx3-ubyte", images)
      try folder.write("pictures-labels-idx1-ubyte", labels)
      try folder.write("pictures-\(name)-ubyte", bytes)
      try run(folder, [], status: 65, "pictures-\(name)-ubyte")
    }
  }

  @Test func weightsWithALyingHeader() throws {
    let folder = try SmallNet.folder()
    let header = #"{"fc1.weight":{"dtype":"F32","shape":[4,2],"data_offsets":[0,4000000000]}}"#
    let bytes = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(header.utf8) + Data(count: 32)
    try folder.write("w.safetensors", bytes)
    try run(folder, ["--weights", "w.safetensors"], status: 65, "w.safetensors", "fc1.weight")
    try run(folder, ["--weights", "no.safetensors"], status: 66, "no.safetensors")
  }

  @Test func aRunFolderThatExists() throws {
    let folder = try SmallNet.folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/old", withIntermediateDirectories: false)
    try folder.write("old/notes.txt", "mine")
    try run(folder, ["--out", "old"], status: 73, "old: exists and is not empty")
    try run(folder, ["--out", "small.csv"], status: 73, "not a folder")
    try run(folder, ["--out", ""], status: 73)
    #expect(try folder.text("old/notes.txt") == "mine")
  }

  @Test func aLossThatIsNoNumber() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      ["run", "small.net", "--set", "optimizer=sgd(lr=1e38)", "--out", "x", "--progress", "none"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("the loss is"))
    #expect(run.errors.contains("at step"))
    // The first update makes numbers so large that their products overflow in the second layer.
    #expect(run.errors.contains("first: at step 2, the output of `fc2` (linear, line 3) is"), "\(run.errors)")
    #expect(folder.names("x")?.contains("weights.safetensors") == false)
    // In a table of runs its reason is short, and one that is damaged is told in words.
    let list = try NetcProcess(["runs", "."], in: folder.path)
    #expect(list.output.contains("the loss is") && !list.output.contains("first:"), "\(list.output)")
    #expect(list.output.split(separator: "\n").allSatisfy { $0.count < 110 }, "\(list.output)")
    try folder.write("x/run.json", "{")
    let damaged = try NetcProcess(["plot", "x"], in: folder.path)
    #expect(damaged.status == 65 && damaged.errors.contains("x/run.json: is damaged: at byte 1"), "\(damaged.errors)")
  }

  /// The weights are fine, an example of the validation is not.
  @Test func aValidationLossThatIsNoNumber() throws {
    let folder = try SmallNet.folder(
      text: SmallNet.text.replacing("linear(width)", with: "linear(width, init=constant(1))"))
    try folder.write("other.csv", SmallNet.table + "3e38,3e38,1\n")
    let run = try NetcProcess(
      [
        "run", "small.net", "--set", "validation=csv(\"other.csv\", x=[a, b], y=y)", "--out", "x", "--progress", "none",
      ], in: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("the loss of the validation is"), "\(run.errors)")
    #expect(run.errors.contains("after epoch 1; training stopped and no weights were written"))
    // The 13th example is the only one of the last batch of four.
    #expect(
      run.errors.contains("first: in the validation, the output of `fc1` (linear, line 3) is inf in 4 of 4 numbers"),
      "\(run.errors)")
    #expect(folder.names("x")?.contains("weights.safetensors") == false)
    let record = try folder.text("x/run.json")
    #expect(record.contains("the loss of the validation is"))
  }

  /// The loss of a step is that of the weights before it: what the step does to them shows in the weights alone. The last good checkpoint
  /// stays.
  @Test func weightsThatAreNoNumbersAreNotSaved() throws {
    let folder = try SmallNet.folder()
    let last = try NetcProcess(
      ["run", "small.net", "--set", "optimizer=sgd(lr=1e39)", "--steps", "1", "--out", "x", "--progress", "none"],
      in: folder.path)
    #expect(last.status == 1 && last.errors.contains("is not finite after step 1"), "\(last.errors)")
    #expect(folder.names("x")?.contains("weights.safetensors") == false)
    let saved = try NetcProcess(
      [
        "run", "small.net", "--set", "schedule=warmup(3 steps) -> constant", "--set", "optimizer=sgd(lr=1e38)",
        "--set", "checkpoint=every(1 step, keep=1)", "--out", "y", "--progress", "none",
      ], in: folder.path)
    #expect(saved.status == 1 && saved.errors.contains("first: at step"), "\(saved.errors)")
    let names = try #require(folder.names("y/checkpoints"))
    #expect(names.count == 1)
    let resumed = try NetcProcess(["run", "--resume", "y", "--progress", "none"], in: folder.path)
    #expect(resumed.status == 1 && folder.names("y/checkpoints") == names, "\(resumed.errors)")
  }

  /// One row makes a division by zero: it is named, counted from 0.
  @Test func anExampleThatGivesNoNumberIsNamed() throws {
    let rows = (0..<12).map { "\(Double($0) / 10 + ($0 == 7 ? 0.3 : 0)),\(1 - Double($0) / 10),\($0 / 6)" }
    let folder = try SmallNet.folder(
      text: SmallNet.text.replacingOccurrences(of: "= x -> fc1", with: "= 1 / (x - 1) -> fc1"),
      table: "a,b,y\n0.5,0.5,1\n" + rows.dropFirst().joined(separator: "\n") + "\n")
    let run = try NetcProcess(["run", "small.net", "--out", "x", "--progress", "none"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("is inf in 1 of 8 numbers (example 7)"), "\(run.errors)")
  }

  /// The disk fills in the middle of a run: every file ends with its last whole line, and the run goes on when there is space again.
  @Test func aDiskThatFillsDuringARun() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      script: """
        trap '' XFSZ; ulimit -f 40
        $NETC run small.net --set epochs=100000 --set 'checkpoint=every(60 steps, keep=1)' --out x --progress none
        echo "status $?"
        """, in: folder.path)
    #expect(run.output.contains("status 75"), "\(run.output)\(run.errors)")
    #expect(run.errors.contains("netc run --resume x"), "\(run.errors)")
    for name in ["steps.jsonl", "metrics.csv", "run.json"] {
      #expect(try folder.text("x/" + name).hasSuffix("\n"), "\(name)")
    }
    for line in try folder.text("x/steps.jsonl").split(separator: "\n") {
      #expect(line.hasPrefix("{\"step\":") && line.hasSuffix("}"), "\(line)")
    }
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(try folder.text("x/run.json").utf8)) as? [String: Any])
    #expect(record["exit_status"] as? Int == 75)
    #expect(folder.names("x/checkpoints")?.count == 1)
    let more = try NetcProcess(["run", "--resume", "x", "--epochs", "1000", "--progress", "none"], in: folder.path)
    #expect(more.status == 0, "\(more.errors)")
    #expect(try folder.text("x/steps.jsonl").split(separator: "\n").count == 3000)
  }

  /// Ctrl-C while weights are written, as soon as their file is there. A process that was faster is tried again.
  @Test func endedWhileWriting() throws {
    let folder = try TestFolder()
    try folder.write("wide.net", "net Wide {\n  input x: f32[4000]\n  output y: f32[8000] = x -> linear(8000)\n}\n")
    let run = try NetcProcess(
      script: """
        for attempt in 1 2 3 4 5; do
          $NETC init wide.net --out w.safetensors & process=$!
          while kill -0 $process && set -- *.partial && ! [ -e "$1" ]; do :; done
          kill -INT $process; wait $process; status=$?
          echo $status; ls *.partial
          [ $status = 0 ] || exit
          rm w.safetensors
        done
        """, in: folder.path)
    #expect(run.output.contains("130"), "\(run.output)\(run.errors)")
    #expect(folder.names(".")?.sorted() == ["wide.net"])
  }

  /// A limit on the size of files stands for a full disk: the write fails just so.
  @Test func aFullDisk() throws {
    let folder = try TestFolder()
    let run = try NetcProcess(
      script: """
        trap '' XFSZ; ulimit -f 100
        $NETC run \(NetcProcess.models)/digits.net --steps 2 --out x --progress none; echo $?
        """, in: folder.path)
    #expect(run.output.contains("74"), "\(run.output)\(run.errors)")
    #expect(run.errors.contains("weights.safetensors"))
    let names = try #require(folder.names("x"))
    #expect(names.allSatisfy { !$0.contains("weights") && !$0.contains("partial") }, "\(names)")
  }
}
