import ArgumentParser
import Datasets
import Reports
import Source
import Training

/// The part of the data that is measured.
enum DataPart: String, CaseIterable, ExpressibleByArgument {
  case training, validation
}

/// `netc eval RUN`, `netc eval FILE --weights W`
struct EvalCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Measures a trained net: loss and metrics over its validation data or other data.",
    discussion: """
      Other data than the run's own: --set 'validation=image_folder("test") -> resize(128, 128) -> scale(1 / 255)'.
      """)

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file trains several.", valueName: "net"))
  var name: String?
  @Option(help: ArgumentHelp("The weights; those of the run folder without it.", valueName: "file"))
  var weights: String?
  @Option(help: "Which part of the data: validation or training.")
  var on: DataPart?
  @Option(help: ArgumentHelp("A safetensors file for the net's outputs, example by example.", valueName: "file"))
  var outputs: String?
  @Option(help: "text or json.")
  var format: ResultFormat = .text
  @OptionGroup var threads: ThreadOptions

  mutating func execute() throws(Failure) {
    let trained = try TrainedNet(
      net.file, net: name, weights: weights, overrides: try net.overrides(), threads: threads.count)
    let (part, dataset) = try measured(trained)
    guard let report = try trained.evaluate(dataset) else { return }
    if let outputs { try trained.writeOutputs(of: dataset, to: outputs) }
    var confusion: ConfusionMatrix?
    if let task = PredictionTask(trained.model), task.kind != .values {
      confusion = try ConfusionMatrix(trained, task, dataset, try trained.answers(task, dataset))
    }
    let result = Measured(net: trained, part: part, dataset: dataset, report: report, confusion: confusion)
    Terminal.result(format == .json ? result.json.text + "\n" : result.text)
  }

  /// The part that is measured, and its examples.
  private func measured(_ trained: TrainedNet) throws(Failure) -> (DataPart, Dataset) {
    if on != .training, let alone = try trained.openValidationAlone() { return (.validation, alone) }
    let parts = try trained.open()
    let part = on ?? (parts.validation == nil ? .training : .validation)
    guard let dataset = part == .training ? parts.training : parts.validation else {
      throw Failure(
        .diagnostics, "\(net.file): there is no validation data", help: "use --on training, or --set 'validation=…'")
    }
    return (part, dataset)
  }
}

/// What `netc eval` tells.
private struct Measured {
  let net: TrainedNet
  let part: DataPart
  let dataset: Dataset
  let report: SetReport
  let confusion: ConfusionMatrix?

  var text: String {
    var text =
      "\(net.model.name) on \(NumberFormat.grouped(report.examples)) \(part.rawValue) examples of \(dataset.origin)\n"
    for metric in [("loss", report.loss)] + report.metrics {
      text += "\(metric.0) \(NumberFormat.fixed(metric.1, 4))\n"
    }
    for name in report.uncounted { text += "\(name) has no value: no target counts\n" }
    guard let confusion else { return text }
    var table = TextTable(rightAligned: [1, 2, 3, 4])
    table.rows.append(["class", "precision", "recall", "f1", "examples"])
    table.rules = [1]
    for figures in confusion.figures {
      let shares = [figures.precision, figures.recall, figures.f1].map { $0.map { NumberFormat.fixed($0, 3) } ?? "-" }
      table.rows.append([DisplayText.escaped(figures.name)] + shares + [NumberFormat.grouped(figures.examples)])
    }
    text += "\n" + table.text
    let mistakes = confusion.mistakes(limit: 5)
    if confusion.names.count > 2, !mistakes.isEmpty {
      let list = mistakes.map { "\($0.actual) as \($0.predicted) (\($0.count))" }
      text += "\nmost often mistaken: \(DisplayText.escaped(list.joined(separator: ", ")))\n"
    }
    return text
  }

  var json: JSON {
    var entries: [(String, JSON)] = [
      ("net", .string(net.model.name)), ("weights", .string(net.weights)), ("data", .string(dataset.origin)),
      ("part", .string(part.rawValue)), ("examples", .integer(report.examples)), ("loss", .number(report.loss)),
      (
        "metrics",
        .object(report.metrics.map { ($0.name, .number($0.value)) } + report.uncounted.map { ($0, .null) })
      ),
    ]
    if let confusion {
      let classes = confusion.figures.map { figures in
        JSON.object([
          ("name", .string(figures.name)), ("examples", .integer(figures.examples)),
          ("precision", figures.precision.map(JSON.number) ?? .null),
          ("recall", figures.recall.map(JSON.number) ?? .null), ("f1", figures.f1.map(JSON.number) ?? .null),
        ])
      }
      entries.append(("classes", .array(classes)))
      entries.append(("confusion", .array(confusion.counts.map { .array($0.map(JSON.integer)) })))
    }
    return .object(entries)
  }
}

extension ConfusionMatrix {
  /// What a net took the examples of a set for. Throws when the set has no classes.
  init(
    _ net: TrainedNet, _ task: PredictionTask, _ dataset: Dataset,
    _ answers: [(row: Int, answer: PredictionTask.Answer)]
  ) throws(Failure) {
    guard let position = dataset.position(of: task.target.name), let classes = task.target.classCount else {
      throw Failure(.internalError, "\(dataset.origin) has no classes")
    }
    let tensor = dataset.tensors[position]
    let known = net.preprocessing.flatMap { $0.classNames[task.target.name] == nil ? nil : $0 }
    self.init(names: (0..<classes).map { known?.className($0, of: task.target) ?? tensor.className($0) })
    for (row, answer) in answers {
      if let best = answer.best { add(true: tensor.classNumber(row), predicted: best) }
    }
  }
}
