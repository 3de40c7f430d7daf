import ArgumentParser
import Source
import Training

/// How a run shows how far it is.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
  /// A bar on a terminal, otherwise `plain`.
  case auto
  /// One line for each epoch.
  case plain
  /// One JSON object for each epoch.
  case json
  case none
}

/// Shows the events of a run on standard error.
struct Progress {
  private enum Form { case bar, plain, json, none }
  private let form: Form
  private let epochs: Int
  private let stepsPerEpoch: Int
  private let totalSteps: Int
  private let batch: Int
  private let start = SystemDescription.seconds
  private var lastDraw = 0.0
  private var lastLine = -10.0
  private var hasBar = false
  /// Smoothed losses: a single batch says little.
  private var loss = 0.0
  private var epochStart = SystemDescription.seconds
  /// Where the run went on: its steps before, and those of its epoch.
  private let firstStep: Int
  private var firstInEpoch: Int

  /// - Parameter position: where a run goes on that was begun before.
  init(
    _ style: ProgressStyle, stepsPerEpoch: Int, totalSteps: Int, batch: Int,
    from position: TrainingPosition = TrainingPosition()
  ) {
    firstStep = position.step
    firstInEpoch = position.stepInEpoch
    switch style {
    case .auto: form = Terminal.drawsProgress ? .bar : .plain
    case .plain: form = .plain
    case .json: form = .json
    case .none: form = .none
    }
    self.stepsPerEpoch = max(1, stepsPerEpoch)
    self.totalSteps = totalSteps
    self.batch = batch
    epochs = (totalSteps + self.stepsPerEpoch - 1) / self.stepsPerEpoch
  }

  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .step(let report):
      guard form == .bar else { return }
      loss = report.step == firstStep + 1 ? Double(report.loss) : 0.9 * loss + 0.1 * Double(report.loss)
      draw(report)
    case .validating(let batch, let batches):
      let now = SystemDescription.seconds
      guard form == .bar, now - lastDraw >= 0.1 else { return }
      lastDraw = now
      Terminal.note("\r" + "validation \(batch)/\(batches)".prefix(max(1, Terminal.width - 1)) + "\u{1B}[K")
      hasBar = true
    case .epoch(let report):
      finish(report)
      epochStart = SystemDescription.seconds
      firstInEpoch = 0
    case .resumable: return
    }
  }

  /// Removes the bar, so that something else can be printed.
  mutating func clear() {
    guard hasBar else { return }
    Terminal.note("\r\u{1B}[K")
    hasBar = false
  }

  private mutating func draw(_ report: StepReport) {
    let now = SystemDescription.seconds
    guard now - lastDraw >= 0.1 else { return }
    lastDraw = now
    Terminal.note("\r" + line(report, now: now, width: Terminal.width - 1) + "\u{1B}[K")
    hasBar = true
  }

  /// What is told of a step in at most `width` columns: what there is no room for is left out.
  private func line(_ report: StepReport, now: Double, width: Int) -> String {
    let inRun = max(1e-9, now - start)
    let runDone = report.step - firstStep
    let runLeft = NumberFormat.duration(inRun / Double(max(1, runDone)) * Double(totalSteps - report.step))
    let head: String
    let left: String
    let rate: Double
    let (done, all): (Int, Int)
    if isBrief {
      // An epoch of a step or two has no bar worth drawing: it is that of the run.
      head = "step \(report.step)/\(totalSteps)"
      left = "left \(runLeft)"
      rate = Double(runDone * batch) / inRun
      (done, all) = (report.step, totalSteps)
    } else {
      let inEpoch = max(1e-9, now - epochStart)
      let epochDone = max(1, report.stepInEpoch - firstInEpoch)
      (done, all) = (report.stepInEpoch, min(stepsPerEpoch, totalSteps))
      let number = String(done)
      let padding = String(repeating: " ", count: max(0, String(all).count - number.count))
      head = "epoch \(report.epoch)/\(epochs) \(padding)\(number)/\(all)"
      let epochLeft = NumberFormat.duration(inEpoch / Double(epochDone) * Double(max(0, all - done)))
      left = "left \(epochLeft), run \(runLeft)"
      rate = Double(epochDone * batch) / inEpoch
    }
    let parts = [
      "loss \(NumberFormat.short(loss))", "\(NumberFormat.grouped(Int(min(rate, 1e15)))) ex/s", left,
    ]
    // The length depends on the terminal alone, so that the bar stands still.
    let bar = width >= 109 ? 30 : width >= 94 ? 20 : width >= 76 ? 10 : 0
    var room = width - head.count - (bar > 0 ? bar + 3 : 0)
    var isShown = [false, false, false]
    for index in [0, 2, 1] where parts[index].count + 2 <= room {
      isShown[index] = true
      room -= parts[index].count + 2
    }
    var line = head
    if bar > 0 {
      let filled = bar * min(done, all) / max(1, all)
      line += " [" + String(repeating: "=", count: filled) + String(repeating: " ", count: bar - filled) + "]"
    }
    for index in parts.indices where isShown[index] { line += "  " + parts[index] }
    return String(line.prefix(max(1, width)))
  }

  /// Epochs of a step or two would flood a log: of them a line a second is enough.
  private var isBrief: Bool { stepsPerEpoch <= 4 }

  private mutating func finish(_ report: EpochReport) {
    switch form {
    case .none: return
    case .json: Terminal.note(report.json.line + "\n")
    case .bar, .plain:
      let now = SystemDescription.seconds
      guard !isBrief || now - lastLine >= 1 || report.step >= totalSteps else { return }
      lastLine = now
      clear()
      let width = String(epochs).count
      let number = String(report.epoch)
      var line = "epoch \(String(repeating: " ", count: max(0, width - number.count)))\(number)/\(epochs)"
      line += "  loss \(NumberFormat.fixed(report.loss, 4))"
      if let validation = report.validation {
        line += "  val.loss \(NumberFormat.fixed(validation.loss, 4))"
        for metric in validation.metrics { line += "  val.\(metric.name) \(NumberFormat.fixed(metric.value, 4))" }
        for name in validation.uncounted { line += "  val.\(name) - (no target counts)" }
      }
      let rate = Double(report.examples) / max(1e-9, report.trainingSeconds)
      line += "  \(NumberFormat.duration(report.trainingSeconds + report.validationSeconds))"
      line += "  \(NumberFormat.grouped(Int(min(rate, 1e15)))) examples/s"
      Terminal.note(line + "\n")
    }
  }
}

extension EpochReport {
  /// The epoch as other programs read it.
  var json: JSON {
    var entries: [(String, JSON)] = [
      ("epoch", .integer(epoch)), ("step", .integer(step)), ("loss", .number(loss)),
      ("learning_rate", .number(learningRate)), ("seconds", .number(trainingSeconds + validationSeconds)),
    ]
    if let validation {
      entries.append(("val.loss", .number(validation.loss)))
      for metric in validation.metrics { entries.append(("val." + metric.name, .number(metric.value))) }
      for name in validation.uncounted { entries.append(("val." + name, .null)) }
    }
    return .object(entries)
  }
}
