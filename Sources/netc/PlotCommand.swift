import ArgumentParser
import Datasets
import Reports

/// `netc plot RUN…`
struct PlotCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draws the curves of one or several runs, in the terminal or as SVG.")

  @Argument(help: ArgumentHelp("Run folders.", valueName: "run"), completion: .directory)
  var runs: [String]
  @Option(
    name: .customLong("measure"),
    help: "What to draw: loss, val.loss, val.accuracy, learning_rate, … May be repeated; without it, all that there is."
  )
  var measures: [String] = []
  @Option(help: "How much each value is mixed with those before it: 0 not at all, 0.9 much.")
  var smooth = 0.0
  @Option(help: ArgumentHelp("Write an SVG picture to this file instead.", valueName: "file.svg"))
  var out: String?
  @Option(help: "The columns of the picture in the terminal; as wide as that without it.")
  var width: Int?

  func validate() throws {
    if runs.isEmpty { throw ValidationError("name a run folder") }
    if !(0..<1).contains(smooth) { throw ValidationError("--smooth is at least 0 and less than 1, got \(smooth)") }
    if let width, !(30...1000).contains(width) { throw ValidationError("--width is 30 to 1000, got \(width)") }
    try OutputEnding.check(out, is: "svg")
  }

  mutating func execute() throws(Failure) {
    var stored: [StoredRun] = []
    for path in runs { stored.append(try StoredRun(path)) }
    let charts = try charts(stored)
    guard !charts.isEmpty else {
      throw Failure(.badData, "\(runs.joined(separator: ", ")): nothing was measured yet")
    }
    if let out {
      do throws(DataError) {
        var file = try AtomicFile(out)
        try file.write(LineChart.svg(charts))
        try file.commit()
      } catch { throw Failure(error) }
      return
    }
    let columns = width ?? min(Terminal.resultWidth, 160)
    let pictures = charts.map { $0.text(width: columns, height: 14, isColoured: Terminal.coloursResult) }
    Terminal.result(pictures.joined(separator: "\n"))
  }

  /// A chart for each measure; of a single run the losses of training and validation share one.
  private func charts(_ stored: [StoredRun]) throws(Failure) -> [LineChart] {
    let histories = stored.map(\.history)
    if stored.count == 1, measures.isEmpty {
      return histories[0].charts.map { chart in
        LineChart(chart.title, unit: chart.unit, chart.curves.map { $0.smoothed(smooth) })
      }
    }
    var known: [String] = []
    for history in histories {
      for name in history.measures where !known.contains(name) { known.append(name) }
    }
    if let wrong = measures.first(where: { !known.contains($0) }) {
      throw Failure(
        .usage, "--measure: no run has `\(wrong)`", help: "there are \(known.joined(separator: ", "))")
    }
    return (measures.isEmpty ? known.filter { $0 != "learning_rate" } : measures).map { name in
      LineChart(
        name, unit: "step",
        zip(stored, histories).map { run, history in
          Curve(run.name, points: history.points(name)).smoothed(smooth)
        })
    }
  }
}
