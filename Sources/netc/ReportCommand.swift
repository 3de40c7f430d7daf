import ArgumentParser
import Datasets

/// `netc report RUN`
struct ReportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes the report of a run anew, perhaps about other data.",
    discussion: "A run leaves its report.html by itself; this is for runs that were interrupted, and for test data.")

  @OptionGroup var net: NetOptions
  @Option(help: "Which part of the data it is about: validation or training.")
  var on: DataPart?
  @OptionGroup var threads: ThreadOptions

  mutating func execute() throws(Failure) {
    let run = try StoredRun(net.file)
    let trained = try TrainedNet(run.path, overrides: try net.overrides(), threads: threads.count)
    let parts = try trained.open()
    let part = on ?? (parts.validation == nil ? .training : .validation)
    try ReportWriter(
      run: run, net: trained, dataset: part == .training ? parts.training : parts.validation, part: part,
      conclusion: "\(run.state) after \(run.history.epochs) epochs"
    ).write()
    Terminal.result("\(run.path)/\(ReportWriter.fileName)\n")
  }
}
