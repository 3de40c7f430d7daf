import ArgumentParser
import Datasets
import Execution
import Semantics
import Training

/// `netc run FILE [NET]`
struct RunCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Trains a net and leaves its weights and its history in a run folder.")

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net to train, where the file trains several.", valueName: "net"))
  var name: String?
  @Option(help: "The seed of initial weights, order and dropout.")
  var seed: UInt64?
  @Option(help: "How many passes over the data; instead of the file's epochs or steps.")
  var epochs: Int?
  @Option(help: "How many updates; instead of the file's epochs or steps.")
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
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if epochs != nil && steps != nil { throw ValidationError("--epochs and --steps exclude each other") }
    if let epochs, epochs < 1 { throw ValidationError("--epochs is at least 1, got \(epochs)") }
    if let steps, steps < 1 { throw ValidationError("--steps is at least 1, got \(steps)") }
  }

  mutating func execute() throws(Failure) {
    let start = SystemDescription.seconds
    let overrides = try net.overrides([
      ("seed", seed.map(String.init)), ("epochs", epochs.map(String.init)), ("steps", steps.map(String.init)),
      ("batch", batch),
    ])
    let file = try CheckedFile(net.file, overrides: overrides)
    try file.report()
    let model = try file.model(named: name, trained: true)
    if let out { try RunFolder.check(out) }
    var session = try TrainingSession(
      file, model, weights: weights, threads: threads.count, dryRun: dryRun, style: progress)
    if dryRun {
      Terminal.result(session.description)
      return
    }
    try session.run(
      out: out, command: CommandLine.arguments, overrides: overrides.map { ($0.key, $0.value) }, started: start)
  }
}
