import Datasets
import Reports
import Source

/// Makes the page of a run from its folder and a set of examples.
struct ReportWriter {
  let run: StoredRun
  let net: TrainedNet
  /// The examples that the figures are about, and which part of the data they are.
  let dataset: Dataset?
  let part: DataPart
  /// How the run ended and how good it is.
  let conclusion: String

  static let fileName = "report.html"

  /// More examples than this would make every run wait for its report. Training examples are gone through only for it, where a
  /// validation has seen its own in each epoch.
  private var mostExamples: Int { part == .validation ? 20_000 : 2000 }
  private static let worstExamples = 24

  /// Writes the page into the run folder.
  func write() throws(Failure) {
    let history = run.history
    var report = RunReport(net: net.model.name, conclusion: conclusion)
    report.charts = history.charts
    report.picture = net.model.picture.svg
    report.configuration =
      (try? StoredRun.content(run.path + "/resolved.net")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    report.facts = facts
    report.timing = timing(history)
    let restored = run.record["restored_epoch"]
    for name in history.measures where name != "learning_rate" {
      if let value = restored?[name]?.number ?? history.last(name) {
        report.figures.append((name == "loss" ? "training loss" : name, NumberFormat.short(value)))
      }
    }
    report.figures.append(("parameters", NumberFormat.grouped(net.model.parameterCount)))
    if let dataset, dataset.count <= mostExamples, let task = PredictionTask(net.model) {
      report.subject = "\(NumberFormat.grouped(dataset.count)) \(part.rawValue) examples of \(dataset.origin)"
      try describe(task, dataset, &report)
    }
    do throws(DataError) {
      var file = try AtomicFile(run.path + "/" + ReportWriter.fileName)
      try file.write(report.html)
      try file.commit()
    } catch { throw Failure(error) }
  }

  private var facts: [RunReport.Fact] {
    let record = run.record
    var facts: [RunReport.Fact] = []
    if let command = record["command"]?.array?.compactMap(\.string), !command.isEmpty {
      facts.append(("command", command.joined(separator: " ")))
    }
    let known = [
      ("file", "file"), ("seed", "seed"), ("version", "version of netc"), ("processor", "processor"),
      ("instruction_set", "instruction set"), ("threads", "threads"), ("started", "started"), ("ended", "ended"),
      ("exit_reason", "how it ended"),
    ]
    for (key, name) in known {
      guard let value = record[key] else { continue }
      if let text = value.string ?? value.integer.map(String.init) { facts.append((name, text)) }
    }
    return facts
  }

  private func timing(_ history: RunHistory) -> [RunReport.Fact] {
    let seconds = run.record["training_seconds"]?.number ?? history.seconds
    let steps = history.losses.count
    var facts: [RunReport.Fact] = [("whole run", NumberFormat.duration(seconds))]
    if history.epochs > 0 {
      facts.append(("epochs", NumberFormat.grouped(history.epochs)))
      facts.append(("an epoch, with its validation", NumberFormat.duration(history.seconds / Double(history.epochs))))
    }
    if steps > 0 {
      facts.append(("steps", NumberFormat.grouped(steps)))
      facts.append(("a step", NumberFormat.milliseconds(seconds / Double(steps))))
    }
    if let share = run.record["waiting_for_data"]?.number {
      facts.append(("of that, waiting for data", NumberFormat.percent(share)))
    }
    if let peak = run.record["peak_bytes"]?.integer, peak > 0 {
      facts.append(("largest memory", NumberFormat.bytes(peak)))
    }
    return facts
  }

  /// Adds what the net says of the examples.
  private func describe(_ task: PredictionTask, _ dataset: Dataset, _ report: inout RunReport) throws(Failure) {
    guard let position = dataset.position(of: task.target.name) else { return }
    let target = dataset.tensors[position]
    let answers = try net.answers(task, dataset)
    // How wrong each answer is, most first.
    var faults: [(row: Int, answer: PredictionTask.Answer, fault: Double)] = []
    if task.kind != .values {
      report.confusion = try ConfusionMatrix(net, task, dataset, answers)
      faults = answers.map { row, answer in
        guard case .classes(let shares) = answer, shares.indices.contains(target.classNumber(row)) else {
          return (row, answer, 0)
        }
        return (row, answer, 1 - shares[target.classNumber(row)])
      }
    } else if let actual = dataset.numbers(tensor: position) {
      let size = target.exampleSize
      for (row, answer) in answers {
        guard case .values(let values) = answer else { continue }
        let own = actual(row)
        let fault = zip(values, own).reduce(0) { $0 + abs($1.0 - Double($1.1)) } / Double(max(1, size))
        faults.append((row, answer, fault))
        for (value, number) in zip(values, own) {
          report.values.append((original(Double(number), task), original(value, task)))
        }
      }
    }
    faults.sort { ($1.fault, $0.row) < ($0.fault, $1.row) }
    let shower = ExampleShower(dataset, encoders: dataset.encoders)
    report.worst = faults.prefix(ReportWriter.worstExamples).map { row, answer, _ in
      shower.example(row, lines: lines(task, target, row, answer, dataset, position))
    }
  }

  private func lines(
    _ task: PredictionTask, _ target: DataTensor, _ row: Int, _ answer: PredictionTask.Answer, _ dataset: Dataset,
    _ position: Int
  ) -> [String] {
    func name(_ number: Int) -> String {
      net.preprocessing?.className(number, of: task.target) ?? target.className(number)
    }
    switch answer {
    case .classes(let shares):
      let actual = target.classNumber(row)
      let share = shares.indices.contains(actual) ? shares[actual] : 0
      let best = answer.best ?? 0
      let first = "\(name(actual)): \(NumberFormat.fixed(share, 3))"
      return best == actual ? [first] : [first, "taken for \(name(best)): \(NumberFormat.fixed(shares[best], 3))"]
    case .values(let values):
      let actual = dataset.numbers(tensor: position)?(row) ?? []
      return [
        "true " + actual.map { NumberFormat.short(original(Double($0), task)) }.joined(separator: ", "),
        "predicted " + values.map { NumberFormat.short(original($0, task)) }.joined(separator: ", "),
      ]
    }
  }

  private func original(_ value: Double, _ task: PredictionTask) -> Double {
    net.preprocessing?.original(value, of: task.target) ?? value
  }
}
