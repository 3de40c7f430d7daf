import ArgumentParser
import Datasets
import Execution
import Semantics
import Training

/// `netc run FILE [NET]`
struct RunCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Trains a net and leaves its weights and its history in a run folder.")

  @Argument(help: ArgumentHelp("The .net file.", valueName: "file"), completion: .file(extensions: ["net"]))
  var file: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting of the train section (batch=64) or a parameter of a net (Net.classes=10). May be repeated.",
      valueName: "key=value"))
  var settings: [String] = []
  @Argument(help: ArgumentHelp("The net to train, where the file trains several.", valueName: "net"))
  var name: String?
  @Option(
    help: ArgumentHelp(
      "A run folder to go on with, from its latest checkpoint; instead of a file. Only --epochs or --steps may change.",
      valueName: "folder"), completion: .directory)
  var resume: String?
  @Option(help: "The seed of initial weights, order and dropout.")
  var seed: UInt64?
  @Option(parsing: .unconditional, help: "How many passes over the data; instead of the file's epochs or steps.")
  var epochs: Int?
  @Option(parsing: .unconditional, help: "How many updates; instead of the file's epochs or steps.")
  var steps: Int?
  @Option(help: "The examples in a batch, or all.")
  var batch: String?
  @Option(help: ArgumentHelp("A safetensors file with the weights to start from.", valueName: "file"))
  var weights: String?
  @Option(help: ArgumentHelp("The run folder; runs/NET-TIME-HEX without it.", valueName: "folder"))
  var out: String?
  @Option(help: "How progress is shown: auto, plain, json or none.")
  var progress: ProgressStyle = .auto
  @Flag(help: "Check everything that can be checked before the first step, and stop there.")
  var dryRun = false
  @Flag(help: "The time of each line of the file in the steps of this run: at the end, and in the run folder.")
  var profile = false
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    _ = try NetOptions.overrides(settings)
    if resume == nil, file == nil { throw ValidationError("run needs a .net file, or --resume and a run folder") }
    if resume != nil {
      let others: [(String, Bool)] = [
        ("a file", file != nil), ("--set", !settings.isEmpty), ("--seed", seed != nil), ("--batch", batch != nil),
        ("--weights", weights != nil), ("--out", out != nil),
      ]
      if let (what, _) = others.first(where: \.1) {
        throw ValidationError("--resume goes on with a run as it is; \(what) cannot be given with it")
      }
    }
    if epochs != nil && steps != nil { throw ValidationError("--epochs and --steps exclude each other") }
    if let epochs, epochs < 1 { throw ValidationError("--epochs is at least 1, got \(epochs)") }
    if let steps, steps < 1 { throw ValidationError("--steps is at least 1, got \(steps)") }
  }

  mutating func execute() throws(Failure) {
    if let resume { return try goOn(resume) }
    guard let path = file else { return }
    var overrides: [SettingOverride]
    do { overrides = try NetOptions.overrides(settings) } catch { throw Failure(.usage, "\(error)") }
    for (key, value) in [("seed", seed.map(String.init))] + lengths + [("batch", batch)] {
      if let value { overrides.append(SettingOverride(key: key, value: value)) }
    }
    let file = try CheckedFile(path, overrides: overrides)
    try file.report()
    let model = try file.model(named: name, trained: true)
    if let out { try RunFolder.check(out) }
    var session = try TrainingSession(file, model, weights: weights, threads: threads.count, style: progress)
    session.isProfiled = profile
    if dryRun { return Terminal.result(try session.rehearsal()) }
    try session.run(
      out: out, command: CommandLine.arguments, overrides: overrides.map { ($0.key, $0.value) }, weights: weights)
  }

  private var lengths: [(String, String?)] { [("epochs", epochs.map(String.init)), ("steps", steps.map(String.init))] }

  /// Goes on with the run in the folder at `path`.
  private func goOn(_ path: String) throws(Failure) {
    let saved = try SavedRun(path)
    let overrides = lengths.compactMap { key, value in value.map { SettingOverride(key: key, value: $0) } }
    if saved.exitReason == RunRecord.stoppedEarly {
      return Terminal.note(
        "\(saved.path): early stopping has ended the run: nothing is left to do; to train further, start a new one "
          + "with --weights \(saved.path)/weights.safetensors\n")
    }
    if saved.isFinished, overrides.isEmpty {
      return Terminal.note("\(saved.path): the run is finished; --epochs or --steps make it longer\n")
    }
    let latest = CheckpointFolder(saved.path, keep: nil).latest
    for error in latest?.damaged ?? [] { Terminal.note("note: \(error.message); an earlier checkpoint is used\n") }
    if latest?.checkpoint == nil {
      if saved.isFinished {
        throw Failure(
          .noInput, "\(saved.path): the run is finished and has no checkpoint to go on from",
          help: "start a new run with --weights \(saved.path)/weights.safetensors")
      }
      Terminal.note("note: \(saved.path) has no checkpoint: the run starts from its beginning\n")
    }
    let file = try CheckedFile(saved.path + "/resolved.net", overrides: overrides, folder: saved.folder)
    try file.report()
    let model = try file.model(named: saved.net, trained: true)
    var session = try TrainingSession(
      file, model, weights: saved.weights, loadsWeights: latest?.checkpoint == nil, threads: threads.count,
      style: progress)
    session.isProfiled = profile
    if let checkpoint = latest?.checkpoint, checkpoint.position.step >= session.trainer.totalSteps {
      Terminal.note(
        "\(saved.path): \(NumberFormat.grouped(checkpoint.position.step)) steps are done and "
          + "\(NumberFormat.grouped(session.trainer.totalSteps)) are asked for: nothing is left to do; "
          + "a larger --epochs or --steps trains further\n")
      if saved.isFinished { return }
    }
    if dryRun { return Terminal.result(try session.rehearsal()) }
    try session.resume(saved, from: latest?.checkpoint, command: CommandLine.arguments)
  }
}
