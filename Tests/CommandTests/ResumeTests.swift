import Foundation
import Testing

/// A run that is taken up again ends with the bits of the one that was never interrupted.
@Suite struct ResumeTests {
  /// A net with the settings that make it hard to go on with.
  struct Hard: CustomTestStringConvertible, Sendable {
    var name: String
    var layers: String
    var settings: String
    /// The checkpoints that runs go on from; what came later is removed, as if the process had been killed.
    var stops: [Int]
    var input = "f32[1, 8, 8]"
    var data = "digits(\"test\")"
    var testDescription: String { name }

    var text: String {
      """
      net Hard {
        input image: \(input)
        output logits: f32[10] = image -> \(layers)
      }
      train Hard {
        target label: index(10)
        data = \(data)
        validation = split(data, 0.25)
        loss = cross_entropy(logits, label)
        metrics = [accuracy, f1]
        batch = 32
        seed = 3
        \(settings.replacing("\n", with: "\n  "))
      }

      """
    }
  }

  static let dense = "flatten -> linear(16) -> relu -> dropout(0.3) -> linear(10)"
  static let convolution = "conv(8, 3, pad=1) -> batch_norm -> relu -> max_pool(2) -> flatten -> linear(10)"

  /// The digits have 359 examples, 269 without those of the validation: eight steps an epoch.
  static let nets: [Hard] = [
    Hard(
      name: "dropout, Adam, standardised data", layers: dense,
      settings: "optimizer = adam(lr=3e-3)\nepochs = 3\ncheckpoint = every(1 step)", stops: [1, 8, 9, 23],
      data: "digits(\"test\") -> standardize"),
    Hard(
      name: "momentum, a schedule of steps, limits of gradients", layers: dense,
      settings:
        "optimizer = sgd(lr=0.05, momentum=0.9, nesterov=true, weight_decay=1e-3, clip_norm=0.5)\n"
        + "schedule = step(1 epoch, 0.5)\nepochs = 4\ncheckpoint = every(1 epoch)", stops: [8, 16, 24, 32]),
    Hard(
      name: "plateau, RMSProp, mixed examples", layers: convolution,
      settings: "optimizer = rmsprop(lr=0.02, momentum=0.5)\nschedule = plateau(loss, 0.3, 1 steps)\nepochs = 4\n"
        + "checkpoint = every(1 step)", stops: [2, 8, 17, 31],
      data: "digits(\"test\") -> mixup(0.3)"),
    Hard(
      name: "early stopping with the best weights", layers: dense,
      settings: "optimizer = adam(lr=0.05)\nepochs = 20\nearly_stop = patience(2 epochs, restore=true)\n"
        + "checkpoint = every(0.5 epochs, best=val.accuracy)", stops: [4, 12, 16, 24]),
    Hard(
      name: "several batches to an update, warm-up, cosine", layers: convolution,
      settings: "optimizer = adamw(lr=0.01, weight_decay=0.1, decay_norms=false)\naccumulate = 3\n"
        + "schedule = warmup(3 steps) -> cosine(to=1e-4)\nepochs = 5\ncheckpoint = every(1 step)",
      stops: [1, 2, 5, 9]),
    Hard(
      name: "recurrent dropout, Adagrad, frozen weights",
      layers: "reshape([8, 8]) -> lstm(12, dropout=0.2, "
        + "recurrent_dropout=0.2) -> fc: linear(10)",
      settings: "optimizer = adagrad(lr=0.05)\nfreeze = fc\nepochs = 2\ncheckpoint = every(0.5 epochs)",
      stops: [4, 8, 12, 16]),
    Hard(
      name: "a number of steps that ends within an epoch", layers: dense,
      settings: "optimizer = adam(lr=3e-3)\nsteps = 15\ncheckpoint = every(2 steps)", stops: [2, 8, 12, 14]),
    Hard(
      name: "pictures with augmentation", layers: "conv(4, 3) -> relu -> flatten -> dropout(0.2) -> linear(10)",
      settings: "optimizer = sgd(lr=0.01, momentum=0.9)\nepochs = 3\nbatch = 4\ncheckpoint = every(1 step)",
      stops: [1, 3, 4, 8], input: "f32[3, 12, 12]",
      data: "image_folder(\"pictures\") -> resize(16) -> random_crop(12) -> flip -> rotate(20) -> "
        + "jitter(brightness=0.3, contrast=0.3, saturation=0.3) -> scale(1 / 255)"),
  ]

  @Test(arguments: nets) func goesOnBitForBit(net: Hard) throws {
    let folder = try TestFolder()
    let isOfPictures = net.input == "f32[3, 12, 12]"
    if isOfPictures {
      guard pictureLibrariesAreInstalled else { return }
      try Self.addPictures(to: folder)
    }
    let text = isOfPictures ? net.text.replacing("batch = 32\n", with: "") : net.text
    try folder.write("hard.net", text)
    let whole = try NetcProcess(["run", "hard.net", "--out", "whole", "--threads", "1"], in: folder.path)
    try #require(whole.status == 0, "\(whole.errors)")
    let expected = try Self.results(folder, "whole")
    for stop in net.stops {
      try Self.interrupt(folder, "whole", as: "part", after: stop)
      let rest = try NetcProcess(["run", "--resume", "part", "--threads", "2"], in: folder.path)
      try #require(rest.status == 0, "\(rest.errors)")
      #expect(!rest.errors.contains("from its beginning"), "\(rest.errors)")
      #expect(try Self.results(folder, "part") == expected, "from step \(stop)")
      #expect(try folder.text("part/run.json").contains("\"after_step\": \(stop)"))
    }
  }

  /// What must be the same: the weights, and all that was measured besides the time.
  private static func results(_ folder: TestFolder, _ run: String) throws -> [Data] {
    let rows = try folder.text(run + "/metrics.csv").split(separator: "\n").map { row in
      row.split(separator: ",", omittingEmptySubsequences: false).enumerated().filter { $0.offset != 4 }
        .map { String($0.element) }.joined(separator: ",")
    }
    #expect(rows.count > 1)
    return [
      try Data(contentsOf: URL(filePath: "\(folder.path)/\(run)/weights.safetensors")),
      Data(try folder.text(run + "/steps.jsonl").utf8), Data(rows.joined(separator: "\n").utf8),
    ]
  }

  /// A copy of a run as a kill would have left it some time after the checkpoint of `step`: the logs are longer, and nothing says how
  /// it ended.
  private static func interrupt(_ folder: TestFolder, _ run: String, as copy: String, after step: Int) throws {
    let files = FileManager.default
    let path = folder.path + "/" + copy
    try? files.removeItem(atPath: path)
    try files.copyItem(atPath: folder.path + "/" + run, toPath: path)
    let names = try #require(folder.names(copy + "/checkpoints"))
    try #require(names.contains("step-\(step).safetensors"), "\(names)")
    for name in names where name.hasPrefix("step-") {
      let number = try #require(Int(name.dropFirst(5).prefix { $0.isNumber }))
      if number > step { try files.removeItem(atPath: "\(path)/checkpoints/\(name)") }
    }
    let record = try folder.text(copy + "/run.json")
    try folder.write(
      copy + "/run.json", record.replacing(/"exit_reason": "[^"]*"/, with: "\"exit_reason\": null"))
    try files.removeItem(atPath: path + "/weights.safetensors")
  }

  /// Sixteen pictures in ten classes.
  private static func addPictures(to folder: TestFolder) throws {
    let fixtures = NetcProcess.repository + "/Tests/DatasetTests/Fixtures/pictures"
    let names = try FileManager.default.contentsOfDirectory(atPath: fixtures).sorted().prefix(20)
    for (index, name) in names.enumerated() {
      let place = "\(folder.path)/pictures/class\(index % 10)"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: fixtures + "/" + name, toPath: place + "/" + name)
    }
  }

  @Test func aFinishedRunCanBecomeLonger() throws {
    let net = Self.nets[0].text
    let folder = try TestFolder()
    try folder.write("hard.net", net)
    #expect(try NetcProcess(["run", "hard.net", "--out", "long"], in: folder.path).status == 0)
    #expect(try NetcProcess(["run", "hard.net", "--out", "short", "--epochs", "2"], in: folder.path).status == 0)
    let done = try NetcProcess(["run", "--resume", "short"], in: folder.path)
    #expect(done.status == 0 && done.errors.contains("is finished"), "\(done.errors)")
    let longer = try NetcProcess(["run", "--resume", "short/", "--epochs", "3"], in: folder.path)
    #expect(longer.status == 0, "\(longer.errors)")
    #expect(try Self.results(folder, "long") == Self.results(folder, "short"))
    // Fewer epochs than there were: nothing happens, and that is told.
    let nothing = try NetcProcess(["run", "--resume", "short", "--epochs", "2"], in: folder.path)
    #expect(nothing.status == 0 && nothing.output.isEmpty, "\(nothing.output)")
    #expect(nothing.errors.contains("a larger --epochs"), "\(nothing.errors)")
    #expect(try Self.results(folder, "long") == Self.results(folder, "short"))
    // More epochs do not give early stopping back its patience.
    let patience = ["--set", "early_stop=patience(1 epoch)", "--set", "optimizer=adam(lr=0)", "--out", "early"]
    #expect(try NetcProcess(["run", "hard.net"] + patience, in: folder.path).status == 0)
    let ended = try NetcProcess(["run", "--resume", "early", "--epochs", "9"], in: folder.path)
    #expect(ended.status == 0 && ended.errors.contains("early stopping has ended the run"), "\(ended.errors)")
  }

  @Test func refusesWhatIsNotTheSameRun() throws {
    let folder = try SmallNet.folder()
    let start = try NetcProcess(
      ["run", "small.net", "--out", "run", "--set", "checkpoint=every(1 step)"], in: folder.path)
    #expect(start.status == 0, "\(start.errors)")
    func refused(_ arguments: [String], _ status: Int32, _ words: String) throws {
      let run = try NetcProcess(["run", "--resume"] + arguments, in: folder.path)
      #expect(run.status == status && run.errors.contains(words), "\(run.status): \(run.errors)")
    }
    try refused(["none"], 66, "none")
    try refused(["run", "--batch", "3"], 64, "--batch")
    try refused(["run", "small.net"], 64, "a file cannot be given")
    try folder.write("small.csv", SmallNet.table.replacingOccurrences(of: "0.3,0.7", with: "0.3,0.6"))
    try refused(["run", "--epochs", "9"], 65, "the data is not what it was")
    try folder.write("small.csv", SmallNet.table)
    // The latest one is damaged: the one before serves.
    let latest = "run/checkpoints/step-6.safetensors"
    try folder.write(latest, Data(try Data(contentsOf: URL(filePath: folder.path + "/" + latest)).prefix(300)))
    let run = try NetcProcess(["run", "--resume", "run", "--epochs", "3"], in: folder.path)
    #expect(run.status == 0 && run.errors.contains("an earlier checkpoint is used"), "\(run.errors)")
  }

  /// SIGUSR1 saves and goes on, SIGTERM saves and ends; a second run cannot have the folder meanwhile.
  @Test func signalsSave() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      script: """
        wait_for() { for i in $(seq 300); do [ -s "$1" ] && return; sleep 0.05; done; echo "no $1"; }
        $NETC run small.net --set epochs=100000000 --out run --progress none 2> errors & process=$!
        wait_for run/steps.jsonl
        kill -USR1 $process
        for i in $(seq 300); do ls run/checkpoints/step-* > /dev/null 2>&1 && break; sleep 0.05; done
        kill -0 $process && echo "goes on after $(ls run/checkpoints | wc -l)"
        $NETC run --resume run --progress none; echo "locked $?"
        kill -HUP $process; wait $process; echo "status $?"
        $NETC run --resume run --epochs 1 --progress none; echo "resumed $?"
        """, in: folder.path)
    #expect(run.output.contains("goes on after 1"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("locked 74"), "\(run.output)\(run.errors)")
    #expect(run.errors.contains("another netc"))
    #expect(run.output.contains("status 129"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("resumed 0"), "\(run.output)\(run.errors)")
    #expect(folder.names("run/checkpoints")?.contains { $0.hasSuffix(".partial") } == false)
    #expect(try folder.text("errors").contains("netc run --resume run"))
  }

  @Test func keepsTheLatestAndTheBest() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      [
        "run", "small.net", "--out", "run", "--epochs", "6", "--set",
        "checkpoint=every(1 epoch, keep=2, best=val.loss)",
        "--set", "validation=csv(\"small.csv\", x=[a, b], y=y)",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      folder.names("run/checkpoints") == ["best.safetensors", "step-15.safetensors", "step-18.safetensors"])
    // The best weights are weights like any others.
    let best = try NetcProcess(
      ["run", "small.net", "--weights", "run/checkpoints/best.safetensors", "--out", "b"], in: folder.path)
    #expect(best.status == 0, "\(best.errors)")
  }

  /// The weights of a checkpoint are those of a run that ended there, and know what weights know; the optimizer's memory stays behind.
  @Test func weightsOfACheckpoint() throws {
    let folder = try TestFolder()
    try folder.write("hard.net", Self.nets[0].text)
    func netc(_ arguments: String...) throws -> NetcProcess { try NetcProcess(arguments, in: folder.path) }
    let run = try netc("run", "hard.net", "--out", "run", "--progress", "none")
    try #require(run.status == 0, "\(run.errors)")
    let names = try #require(folder.names("run/checkpoints")).filter { $0.hasPrefix("step-") }
    let step = try #require(names.compactMap { Int($0.dropFirst(5).prefix { $0.isNumber }) }.max())
    let last = "run/checkpoints/step-\(step).safetensors"
    let (own, taken) = (try netc("eval", "run"), try netc("eval", "hard.net", "--weights", last))
    #expect(own.status == 0 && taken.status == 0, "\(own.errors)\(taken.errors)")
    #expect(taken.output == own.output)
    let start = try netc("run", "hard.net", "--weights", last, "--out", "next", "--epochs", "1")
    #expect(start.status == 0 && start.errors.contains("weights after step \(step)"), "\(start.errors)")
    for path in ["run", "run/"] {
      let refused = try netc("run", "hard.net", "--weights", path, "--out", "none")
      #expect(refused.status == 66)
      #expect(refused.errors.contains("name a file of it: run/weights.safetensors or \(last)"), "\(refused.errors)")
    }
  }

  @Test func twentyRunsHaveTwentyFolders() throws {
    let folder = try SmallNet.folder()
    let run = try NetcProcess(
      script: """
        for i in $(seq 20); do $NETC run small.net --progress none & done; wait
        ls runs | wc -l; ls -A runs | wc -l; cat runs/*/run.json | grep -c '"exit_reason": "finished"'
        ls runs/*/weights.safetensors | wc -l; wc -l < <(cat runs/*/steps.jsonl)
        """, in: folder.path)
    #expect(run.output.split(separator: "\n") == ["20", "20", "20", "20", "120"], "\(run.output)\(run.errors)")
  }
}

/// Whether this machine has the libraries that read pictures.
let pictureLibrariesAreInstalled = ["libturbojpeg.so.0", "libpng16.so.16"].allSatisfy { (name: String) in
  dlopen(name, RTLD_NOW) != nil
}
