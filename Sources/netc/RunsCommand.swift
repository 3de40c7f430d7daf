import ArgumentParser
import Reports
import Source

/// The form of a table.
enum TableFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, csv
}

/// `netc runs [FOLDER]`
struct RunsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Lists the runs in a folder: when, how long, how good.")

  @Argument(help: ArgumentHelp("The folder with run folders.", valueName: "folder"), completion: .directory)
  var folder = "runs"
  @Option(help: "Order the runs by a column such as val.accuracy, the best first; by their names without it.")
  var sort: String?
  @Option(help: "text, json or csv.")
  var format: TableFormat = .text

  mutating func execute() throws(Failure) {
    var rows = try StoredRun.all(in: folder).map(Row.init)
    let measures = rows.reduce(into: [String]()) { names, row in
      for measure in row.measures where !names.contains(measure.name) { names.append(measure.name) }
    }
    if let sort {
      guard measures.contains(sort) || rows.isEmpty else {
        throw Failure(
          .usage, "--sort: no run has the column `\(sort)`",
          help: "there are \((measures).joined(separator: ", "))")
      }
      // Of losses and errors the smallest is the best.
      let isBestSmall = !["accuracy", "top_", "f1", "precision", "recall", "auc", "r2"].contains { sort.contains($0) }
      rows.sort { left, right in
        guard let a = left[sort] else { return false }
        guard let b = right[sort] else { return true }
        return isBestSmall ? a < b : a > b
      }
    }
    switch format {
    case .text: Terminal.result(rows.isEmpty ? "no runs in \(folder)\n" : text(rows, measures))
    case .json: Terminal.result(JSON.array(rows.map(\.json)).text + "\n")
    case .csv: Terminal.result(csv(rows, measures))
    }
  }

  private func text(_ rows: [Row], _ measures: [String]) -> String {
    let first = ["run", "net", "ended", "epochs", "steps", "time"]
    var table = TextTable(rightAligned: Set(3..<(first.count + measures.count)))
    table.rows.append(first + measures)
    table.rules = [1]
    for row in rows {
      table.rows.append(
        [
          DisplayText.escaped(row.run.name), row.run.net, row.run.briefState, String(row.epochs),
          NumberFormat.grouped(row.steps), NumberFormat.duration(row.seconds),
        ] + measures.map { row[$0].map(NumberFormat.short) ?? "" })
    }
    return table.text
  }

  private func csv(_ rows: [Row], _ measures: [String]) -> String {
    let titles = ["run", "net", "started", "ended", "epochs", "steps", "seconds"] + measures
    let lines = rows.map { row in
      [row.run.name, row.run.net, row.started, row.run.state, String(row.epochs), String(row.steps)]
        + [row.seconds.description] + measures.map { row[$0]?.description ?? "" }
    }
    return ([titles] + lines).map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  }

  /// What is told of a run.
  private struct Row {
    let run: StoredRun
    let epochs: Int
    let steps: Int
    let seconds: Double
    let started: String
    let measures: [(name: String, value: Double)]

    init(_ run: StoredRun) {
      self.run = run
      let history = run.history
      epochs = history.epochs
      steps = max(Int(history.losses.last?.x ?? 0), Int(history.last("step") ?? 0))
      seconds = run.record["training_seconds"]?.number ?? history.seconds
      started = run.record["started"]?.string ?? ""
      // The weights may be those of an earlier epoch.
      let restored = run.record["restored_epoch"]
      measures = history.measures.filter { $0 != "learning_rate" }.compactMap { name in
        (restored?[name]?.number ?? history.last(name)).map { (name, $0) }
      }
    }

    subscript(name: String) -> Double? { measures.first { $0.name == name }?.value }

    var json: JSON {
      .object([
        ("run", .string(run.path)), ("net", .string(run.net)), ("started", .string(started)),
        ("ended", .string(run.state)), ("epochs", .integer(epochs)), ("steps", .integer(steps)),
        ("seconds", .number(seconds)), ("measures", .object(measures.map { ($0.name, .number($0.value)) })),
      ])
    }
  }
}
