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
      Terminal.note("\rvalidation \(batch)/\(batches)\u{1B}[K")
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
    let inEpoch = max(1e-9, now - epochStart)
    let done = report.stepInEpoch - firstInEpoch
    let rate = Double(done * batch) / inEpoch
    let epochLeft = inEpoch / Double(done) * Double(stepsPerEpoch - report.stepInEpoch)
    let runLeft = (now - start) / Double(report.step - firstStep) * Double(totalSteps - report.step)
    let head = "epoch \(report.epoch)/\(epochs) "
    let tail =
      " \(report.stepInEpoch)/\(min(stepsPerEpoch, totalSteps))  loss \(NumberFormat.short(loss))"
      + "  \(NumberFormat.grouped(Int(min(rate, 1e15)))) examples/s"
      + "  left \(NumberFormat.duration(epochLeft)), run \(NumberFormat.duration(runLeft))"
    let room = min(30, Terminal.width - head.count - tail.count - 3)
    var line = head
    if room >= 5 {
      let filled = room * report.stepInEpoch / stepsPerEpoch
      line += "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: room - filled) + "]"
    }
    line += tail
    Terminal.note("\r" + line.prefix(max(20, Terminal.width - 1)) + "\u{1B}[K")
    hasBar = true
  }

  private mutating func finish(_ report: EpochReport) {
    switch form {
    case .none: return
    case .json: Terminal.note(report.json.line + "\n")
    case .bar, .plain:
      // Epochs of a step or two would flood a log: a line a second is enough for them.
      let now = SystemDescription.seconds
      guard stepsPerEpoch > 4 || now - lastLine >= 1 || report.step >= totalSteps else { return }
      lastLine = now
      clear()
      let width = String(epochs).count
      let number = String(report.epoch)
      var line = "epoch \(String(repeating: " ", count: max(0, width - number.count)))\(number)/\(epochs)"
      line += "  loss \(NumberFormat.fixed(report.loss, 4))"
      if let validation = report.validation {
        line += "  val.loss \(NumberFormat.fixed(validation.loss, 4))"
        for metric in validation.metrics { line += "  val.\(metric.name) \(NumberFormat.fixed(metric.value, 4))" }
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
    }
    return .object(entries)
  }
}
