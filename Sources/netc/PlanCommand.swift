import ArgumentParser
import Driver
import Execution

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

  mutating func execute() throws(Failure) {
    let file = try CheckedFile(net.file, overrides: try net.overrides())
    try file.report()
    let model = try file.model(named: name, trained: false)
    var preparation = Preparation(file, model)
    let purpose = file.purpose(of: model, options)
    _ = try preparation.add(purpose, batch: file.batch(of: model, options))
    Terminal.result(preparation.plans[0].description)
  }
}
