import ArgumentParser
import Driver
import Execution
import Kernels
import Planning
import Training

/// What a plan is made for, as the command line says it.
struct PlanOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "The examples in a batch; the train section's without it.")
  var batch: Int?
  @Flag(help: "The forward pass of the net's outputs alone.")
  var infer = false

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch is at least 1, got \(batch)") }
  }
}

/// `netc plan FILE`
struct PlanCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows the plan of a training step: every kernel call in order, and what the memory is for.")

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file has several.", valueName: "net"))
  var name: String?
  @OptionGroup var options: PlanOptions
  @Flag(help: "Takes the steps on random examples instead, and shows the time of each line of the file.")
  var profile = false
  @Option(help: "How many steps --profile takes.")
  var steps: Int = 10
  @OptionGroup var threads: ThreadOptions
  @Option(help: "The form of a profile: text or json.")
  var format: ResultFormat = .text

  func validate() throws {
    guard (1...1_000_000).contains(steps) else { throw ValidationError("--steps is 1 to 1000000, got \(steps)") }
    if format == .json, !profile { throw ValidationError("--format json needs --profile") }
  }

  mutating func execute() throws(Failure) {
    let file = try CheckedFile(net.file, overrides: try net.overrides())
    try file.report()
    let model = try file.model(named: name, trained: false)
    if profile {
      let random = try RandomSteps(file, model, options, threads: threads.count)
      let profile = random.profile(steps: steps)
      let report = ProfileReport(
        profile, random.machine, net: model.name, batch: random.batch, instructionSet: random.instructionSet,
        lines: file.lines)
      return Terminal.result(format == .json ? report.json.line + "\n" : report.text)
    }
    let purpose = file.purpose(of: model, options)
    var preparation = Preparation(file, model, trains: purpose == .training)
    _ = try preparation.add(
      purpose, batch: file.batch(of: model, options), examples: ExamplePlacement(byteValues: file.byteValues(of: model))
    )
    let forecast = MemoryForecast(preparation.plans, threads: threads.count)
    Terminal.result(preparation.plans[0].description + forecast.text)
  }
}

extension RandomSteps {
  /// The times of so many steps, after two that fill caches and wake the threads. Examples are written outside of them.
  fileprivate func profile(steps: Int) -> TrainingProfile {
    let profile = TrainingProfile(machine, plans: [plan])
    for step in 1...2 {
      feed(step)
      machine.run(plan)
    }
    for step in 3...(steps + 2) {
      feed(step)
      profile.begin()
      profile.run(plan)
      profile.end()
    }
    return profile
  }
}
