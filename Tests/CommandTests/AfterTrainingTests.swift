import Foundation
import Testing

/// What is done with a run once it has ended.
@Suite struct AfterTrainingTests {
  /// A template in a folder of its own, trained as it is.
  private func trained(_ template: String, _ arguments: [String] = []) throws -> TestFolder {
    let folder = try TestFolder()
    let made = try NetcProcess(["new", template], in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    let run = try NetcProcess(
      ["run", "\(template)/\(template).net", "--out", "run", "--progress", "none"] + arguments, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func lastMeasure(_ name: String, _ folder: TestFolder) throws -> Double {
    let rows = try folder.text("run/metrics.csv").split(separator: "\n").map { $0.components(separatedBy: ",") }
    let column = try #require(rows.first?.firstIndex(of: name))
    return try #require(rows.last.flatMap { Double($0[column]) })
  }

  /// Every template that the list names runs as it is.
  @Test(arguments: ["digits", "text", "letters"]) func templatesRunAsTheyAre(template: String) throws {
    let folder = try trained(template, template == "letters" ? ["--epochs", "2"] : [])
    if template != "letters" { #expect(try lastMeasure("val.accuracy", folder) >= 0.95) }
    let again = try NetcProcess(["new", template], in: folder.path)
    #expect(again.status == 73)
    #expect(again.errors.contains("exists and is not empty"))
  }

  @Test func listsItsTemplates() throws {
    let list = try NetcProcess(["new"])
    for name in ["digits", "table", "photos", "text", "letters"] {
      #expect(list.output.contains("\n\(name) ") || list.output.hasPrefix(name))
    }
    let wrong = try NetcProcess(["new", "photo"])
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("did you mean `photos`?"))
  }

  /// Of three sequences one is right, one wrong, and one has nothing but ignored places.
  @Test func leavesOutWhatTheLossIgnores() throws {
    let folder = try TestFolder()
    try folder.write(
      "echo.net",
      """
      net Echo {
        input x: index(4)[2]
        output logits = x -> embedding(4, 8) -> linear(4)
      }
      train Echo {
        target y: index(4)[2]
        data       = csv("t.csv", x=[0, 1], y=[2, 3])
        validation = csv("v.csv", x=[0, 1], y=[2, 3])
        loss       = cross_entropy(logits, y, ignore=0)
        metrics    = [exact_match, token_accuracy]
        optimizer  = adam(lr=0.1)
        batch      = 1
        epochs     = 30
      }

      """)
    try folder.write("t.csv", "1,2,1,2\n2,3,2,3\n3,1,3,1\n")
    try folder.write("v.csv", "1,2,1,2\n3,3,0,0\n1,2,2,1\n")
    func netc(_ arguments: String...) throws -> NetcProcess { try NetcProcess(arguments, in: folder.path) }
    let run = try netc("run", "echo.net", "--out", "r", "--progress", "none")
    #expect(run.status == 0, "\(run.errors)")
    let measured = try object(try netc("eval", "r", "--format", "json").output)
    #expect(measured["metrics"] as? [String: Double] == ["exact_match": 0.5, "token_accuracy": 0.5])
    // However the examples are cut into batches, the loss is the mean over the places that count.
    let loss = try #require(measured["loss"] as? Double)
    let together = try object(
      try netc("eval", "r", "--format", "json", "--set", "batch=3", "--set", "metrics=[perplexity]").output)
    #expect(try abs(#require(together["loss"] as? Double) - loss) < 1e-6 * loss)
    let perplexity = try #require((together["metrics"] as? [String: Double])?["perplexity"])
    #expect(abs(log(perplexity) - loss) < 1e-5 * loss)
    // A metric may ignore more than the loss does.
    try folder.write("v.csv", "1,2,3,3\n")
    let nothing = try netc("eval", "r", "--set", "metrics=[token_accuracy(logits, y, ignore=3)]")
    #expect(nothing.output.hasSuffix("token_accuracy has no value: no target counts\n"), "\(nothing.errors)")
    try folder.write("v.csv", "3,3,0,0\n")
    let refused = try netc("eval", "r")
    #expect(refused.status == 65 && refused.errors.contains("v.csv: y is 0 everywhere, which the loss ignores"))
  }

  @Test func measuresAndPredictsNumbers() throws {
    let folder = try trained("table")
    let measured = try NetcProcess(["eval", "run", "--format", "json"], in: folder.path)
    let result = try object(measured.output)
    #expect(result["examples"] as? Int == 80)
    #expect(try abs(#require(result["loss"] as? Double) - lastMeasure("val.loss", folder)) < 1e-6)
    let apart = try NetcProcess(
      ["eval", "table/table.net", "--weights", "run/weights.safetensors", "--format", "json"], in: folder.path)
    #expect(try object(apart.output)["loss"] as? Double == result["loss"] as? Double)
    let bare = try NetcProcess(["eval", "table/table.net"], in: folder.path)
    #expect(bare.status == 64 && bare.errors.contains("--weights"))
    // The prices themselves, not standardised ones: nearly those of the table.
    let table = try folder.text("table/houses.csv").split(separator: "\n").dropFirst()
      .compactMap { Double($0.split(separator: ",")[4]) }
    let answer = try NetcProcess(["predict", "run", "table/houses.csv", "--format", "csv"], in: folder.path)
    let rows = answer.output.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[1]) }
    try #require(rows.count == table.count, "\(answer.errors)")
    let mean = table.reduce(0, +) / Double(table.count)
    let residual = zip(rows, table).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(1 - residual / table.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } > 0.95)
    // One row on the command line is the same as in a table.
    let first = try folder.text("table/houses.csv").split(separator: "\n")[1].split(separator: ",").dropLast()
    let single = try NetcProcess(
      ["predict", "run", first.joined(separator: ","), "--format", "json"], in: folder.path)
    let list = try #require(try JSONSerialization.jsonObject(with: Data(single.output.utf8)) as? [[String: Any]])
    #expect(try abs(#require((list[0]["paid"] as? [Double])?.first) - rows[0]) < 1e-6 * abs(rows[0]))
  }

  /// The outputs of all examples, the last batch smaller than the others, as a file: 2a - b + 0.5 by hand.
  @Test func writesOutputs() throws {
    let folder = try TestFolder()
    try folder.write(
      "line.net",
      """
      net Line { input x: f32[2]
        input i: index(5)[2]
        output y = x -> fc: linear(1)
        output above = x > 0
        output later = i -> shift_right(start=0)
      }
      train Line { target t: f32[1]
        data = csv("line.csv", x=[0, 1], t=2, i=[3, 4])
        loss = mse(y, t)
        optimizer = sgd(lr=0.1)
        batch = 2
        epochs = 1
      }

      """)
    try folder.write("line.csv", "a,b,t,i,j\n1,2,0,3,4\n-3,0.25,0,1,0\n0,8,0,2,2\n")
    func tensorFile(_ header: String, _ values: [Float]) -> Data {
      let size = UInt64(header.utf8.count)
      return withUnsafeBytes(of: size) { Data($0) } + Data(header.utf8) + values.withUnsafeBytes { Data($0) }
    }
    try folder.write(
      "w.safetensors",
      tensorFile(
        #"{"fc.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"fc.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
        [2, -1, 0.5]))
    let measured = try NetcProcess(
      ["eval", "line.net", "--weights", "w.safetensors", "--outputs", "y.safetensors"], in: folder.path)
    #expect(measured.status == 0, "\(measured.errors)")
    let file = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/y.safetensors"))
    let size = file.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let header = try object(String(decoding: file.dropFirst(8).prefix(size), as: UTF8.self))
    func bytes(_ name: String, _ type: String, _ shape: [Int]) throws -> [UInt8] {
      let entry = try #require(header[name] as? [String: Any])
      #expect(entry["dtype"] as? String == type && entry["shape"] as? [Int] == shape)
      let places = try #require(entry["data_offsets"] as? [Int])
      return Array(file.dropFirst(8 + size))[places[0]..<places[1]].map { $0 }
    }
    let values = try bytes("y", "F32", [3, 1]).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(values == [0.5, -5.75, -7.5])
    // Flags and whole numbers as well: x above 0, and i one place later behind a 0.
    #expect(try bytes("above", "BOOL", [3, 2]) == [1, 1, 0, 1, 0, 1])
    let later = try bytes("later", "I64", [3, 2]).enumerated().filter { $0.offset % 8 == 0 }.map(\.element)
    #expect(later == [0, 3, 0, 1, 0, 2])
    // Weights that are no numbers have no answers.
    try folder.write(
      "nan.safetensors",
      tensorFile(
        #"{"fc.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"fc.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
        [2, -1, .nan]))
    let broken = try NetcProcess(["eval", "line.net", "--weights", "nan.safetensors"], in: folder.path)
    #expect(
      broken.status == 65 && broken.errors.contains("nan.safetensors: `fc.bias` is nan at its place 0"),
      "\(broken.errors)")
  }

  /// What a net says of bytes it computes from bytes, in the smaller last batch as well: `scale(1 / 3)` of a byte is rounded in another way
  /// than its entry in a table of numbers.
  @Test func outputsReadBytes() throws {
    let folder = try TestFolder()
    try folder.write(
      "copy.net",
      """
      net Copy { input x: f32[1, 4, 4]
        output z = x -> conv1: conv(1, kernel=3, pad=1, bias=false)
      }
      train Copy { target t: f32[1, 4, 4]
        data = tensors("d.safetensors") -> scale(1 / 3)
        loss = mse(z, t)
        optimizer = sgd(lr=0.1)
        batch = 5
        epochs = 1
      }

      """)
    func file(_ header: String, _ bytes: [UInt8]) -> Data {
      withUnsafeBytes(of: UInt64(header.utf8.count)) { Data($0) } + Data(header.utf8) + Data(bytes)
    }
    let bytes = (0..<256).map { UInt8($0) }
    try folder.write(
      "d.safetensors",
      file(
        #"{"x":{"dtype":"U8","shape":[16,1,4,4],"data_offsets":[0,256]},"t":{"dtype":"U8","shape":[16,1,4,4],"data_offsets":[256,512]}}"#,
        bytes + bytes))
    let weights: [Float] = [0, 0, 0, 0, 1, 0, 0, 0, 0]
    try folder.write(
      "w.safetensors",
      file(
        #"{"conv1.weight":{"dtype":"F32","shape":[1,1,3,3],"data_offsets":[0,36]}}"#,
        weights.withUnsafeBytes { Array($0) }))
    let measured = try NetcProcess(
      ["eval", "copy.net", "--weights", "w.safetensors", "--on", "training", "--outputs", "z.safetensors"],
      in: folder.path)
    #expect(measured.status == 0, "\(measured.errors)")
    let outputs = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/z.safetensors")).suffix(1024)
    let values = Array(outputs).withUnsafeBytes { raw in
      (0..<256).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    #expect(values == bytes.map { Float($0) * (85 / 255 as Float) })
    #expect(values != bytes.map { Float(Double($0) / 3) })
  }

  @Test func namesPictures() throws {
    let folder = try trained("photos")
    let accuracy = try lastMeasure("val.accuracy", folder)
    #expect(accuracy >= 0.9)
    let measured = try object(try NetcProcess(["eval", "run", "--format", "json"], in: folder.path).output)
    #expect(try abs(#require((measured["metrics"] as? [String: Double])?["accuracy"]) - accuracy) < 1e-6)
    let confusion = try #require(measured["confusion"] as? [[Int]])
    #expect(abs(Double(confusion[0][0] + confusion[1][1]) / 32 - accuracy) < 1e-6)
    let circles = try NetcProcess(["predict", "run", "photos/photos/circle", "--format", "csv"], in: folder.path)
    let rows = circles.output.split(separator: "\n").dropFirst()
    #expect(rows.count == 80)
    #expect(rows.filter { $0.split(separator: ",")[1] == "circle" }.count >= 70)
    // Names travel with the weights.
    #expect(
      String(
        decoding: try Data(contentsOf: URL(filePath: folder.path + "/run/weights.safetensors")).prefix(2000),
        as: UTF8.self
      )
      .contains("classes.label"))
    let page = try folder.text("run/report.html")
    for part in ["Confusion matrix", "data:image/png;base64,", "precision", "<svg", "circle", "a step"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(folder.names("run")?.contains { $0.hasPrefix("events.out.tfevents.") } == true)
    let text = try NetcProcess(["predict", "run", "photos/photos.net"], in: folder.path)
    #expect(text.status == 65)
    #expect(text.errors.contains("neither a JPEG nor a PNG"))
  }

  /// A broken file among others is named, and the others are answered; endings may be written in any way, files may be links.
  @Test func answersAroundBrokenPictures() throws {
    let folder = try trained("photos", ["--epochs", "1"])
    let files = FileManager.default
    let first = try #require(folder.names("photos/photos/circle")?.sorted().first)
    for name in ["mixed/deep", "nothing"] {
      try files.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    let picture = folder.path + "/photos/photos/circle/" + first
    try files.copyItem(atPath: picture, toPath: folder.path + "/mixed/deep/B.PnG")
    try files.createSymbolicLink(atPath: folder.path + "/mixed/a.png", withDestinationPath: picture)
    try folder.write("mixed/empty.png", "")
    try folder.write("mixed/notes.txt", "no picture")
    let answer = try NetcProcess(["predict", "run", "mixed", "--format", "csv"], in: folder.path)
    let rows = answer.output.split(separator: "\n").map { $0.prefix { $0 != "," } }
    #expect(rows == ["input", "mixed/a.png", "mixed/deep/B.PnG"])
    #expect(answer.status == 65)
    #expect(answer.errors.contains("mixed/empty.png: is empty"), "\(answer.errors)")
    #expect(answer.errors.contains("1 of 3 files cannot be read"), "\(answer.errors)")
    let nothing = try NetcProcess(["predict", "run", "nothing"], in: folder.path)
    #expect(nothing.status == 65 && nothing.errors.contains("nothing: holds no pictures"), "\(nothing.errors)")
    let missing = try NetcProcess(["predict", "run", "mixed/a.png", "mixed/no.png"], in: folder.path)
    #expect(missing.status == 66 && missing.output.isEmpty, "\(missing.errors)")
  }

  /// Weights that know the classes in one order are not measured on data that has them in another.
  @Test func refusesOtherClasses() throws {
    let folder = try trained("photos", ["--epochs", "1"])
    let swapped = try NetcProcess(
      ["eval", "run", "--set", "data=image_folder(\"photos\", classes=[square, circle]) -> scale(1 / 255)"],
      in: folder.path)
    #expect(swapped.status == 65)
    #expect(swapped.errors.contains("the net was trained with circle, square"), "\(swapped.errors)")
    // Weights without their run know the names as well.
    let apart = try NetcProcess(
      [
        "eval", "photos/photos.net", "--weights", "run/weights.safetensors",
        "--set", "data=image_folder(\"photos\", classes=[square, circle]) -> scale(1 / 255)",
      ], in: folder.path)
    #expect(apart.status == 65)
    #expect(apart.errors.contains("the net was trained with circle, square"), "\(apart.errors)")
  }

  @Test func listsAndDrawsRuns() throws {
    let folder = try SmallNet.folder()
    for seed in ["1", "2"] {
      let run = try NetcProcess(
        [
          "run", "small.net", "--out", "runs/r\(seed)", "--seed", seed, "--set",
          "validation=csv(\"small.csv\", x=[a, b], y=y)",
        ],
        in: folder.path)
      #expect(run.status == 0)
    }
    let list = try NetcProcess(["runs", "--format", "json", "--sort", "val.loss"], in: folder.path)
    let runs = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
    #expect(Set(runs.compactMap { $0["run"] as? String }) == ["runs/r1", "runs/r2"])
    let losses = runs.compactMap { ($0["measures"] as? [String: Double])?["val.loss"] }
    #expect(losses == losses.sorted())
    #expect(runs.allSatisfy { $0["ended"] as? String == "finished" && $0["steps"] as? Int == 6 })
    #expect(try NetcProcess(["runs"], in: folder.path).output.contains("val.accuracy"))
    let both = try NetcProcess(["plot", "runs/r1", "runs/r2", "--width", "60"], in: folder.path)
    #expect(both.output.contains("• r1   + r2   over step"))
    #expect(both.output.split(separator: "\n").allSatisfy { $0.count <= 60 })
    let picture = try NetcProcess(["plot", "runs/r1", "--out", "p.svg"], in: folder.path)
    #expect(picture.status == 0)
    #expect(try folder.text("p.svg").hasPrefix("<svg"))
    let other = try NetcProcess(["plot", "runs/r1", "--out", "q.png"], in: folder.path)
    #expect(other.status == 64 && other.errors.contains("name it q.svg"), "\(other.errors)")
    #expect(folder.names(".")?.contains("q.png") == false)
    let wrong = try NetcProcess(["plot", "runs/r1", "--measure", "x"], in: folder.path)
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("there are loss, val.loss, val.accuracy"))
    #expect(try NetcProcess(["runs", "nowhere"], in: folder.path).status == 66)
    #expect(try NetcProcess(["plot", "small.net"], in: folder.path).status == 66)
    let report = try NetcProcess(["report", "runs/r1", "--on", "training"], in: folder.path)
    #expect(report.status == 0, "\(report.errors)")
    #expect(try folder.text("runs/r1/report.html").contains("12 training examples"))
  }

  @Test func dataIsCheckedAndShown() throws {
    let folder = try TestFolder()
    #expect(try NetcProcess(["new", "photos"], in: folder.path).status == 0)
    let fine = try NetcProcess(["data", "check", "photos/photos.net"], in: folder.path)
    #expect(fine.status == 0, "\(fine.errors)")
    #expect(fine.output.contains("Photos: every example can be read"))
    try folder.write("photos/photos/circle/0.png", "GIF89a")
    let whole = try Data(contentsOf: URL(filePath: folder.path + "/photos/photos/square/001.png"))
    try folder.write("photos/photos/square/0.png", whole.prefix(whole.count / 2))
    for target in ["photos/photos.net", "photos/photos"] {
      let broken = try NetcProcess(["data", "check", target], in: folder.path)
      #expect(broken.status == 65)
      #expect(broken.output.contains("circle/0.png: is neither a JPEG nor a PNG picture, it looks like GIF"))
      #expect(broken.output.contains("square/0.png"))
      #expect(broken.errors.contains("2 examples cannot be read"))
    }
    let sheet = try NetcProcess(["data", "show", "photos/photos.net", "--count", "7"], in: folder.path)
    #expect(sheet.status == 0, "\(sheet.errors)")
    #expect(try folder.text("Photos-data.html").components(separatedBy: "<figure>").count == 8)
  }
}
