import Source
import Training
import Vocabulary

/// What a run remembers besides its variables and its position: a checkpoint keeps it as one line of JSON. Numbers are texts in it, for
/// JSON has no infinity.
struct RunState {
  var earlyStop = EarlyStopControl.State()
  var plateau = PlateauRule.State()
  /// The best measure of `checkpoint = every(…, best=…)`.
  var best = BestMeasure()
  /// The epoch of the best weights that early stopping puts back.
  var restored: EpochReport?
  /// The last whole epoch.
  var last: EpochReport?
  /// The bytes of `steps.jsonl` and `metrics.csv`.
  var stepsSize = 0
  var metricsSize = 0
  /// How long the run has trained.
  var seconds = 0.0
  /// How long its steps took, and how much of that they waited for data.
  var stepSeconds = 0.0
  var waitingSeconds = 0.0

  init() {}

  var json: JSON {
    func number(_ value: Double?) -> JSON { value.map { .string($0.description) } ?? .null }
    return .object([
      ("early_stop_best", number(earlyStop.best.value)), ("early_stop_waited", number(earlyStop.waited)),
      ("plateau_best", number(plateau.best)), ("plateau_waited", number(plateau.waited)),
      ("plateau_reductions", .integer(plateau.reductions)), ("best", number(best.value)),
      ("restored", restored.map(RunState.json) ?? .null), ("last", last.map(RunState.json) ?? .null),
      ("steps_size", .integer(stepsSize)), ("metrics_size", .integer(metricsSize)), ("seconds", number(seconds)),
      ("step_seconds", number(stepSeconds)), ("waiting_seconds", number(waitingSeconds)),
    ])
  }

  /// Nil for a text that a run does not write.
  init?(_ text: String) {
    guard let json = try? JSON(parsing: Array(text.utf8)) else { return nil }
    func number(_ name: String) -> Double? { json[name]?.string.flatMap { Double($0) } }
    guard let stepsSize = json["steps_size"]?.integer, let metricsSize = json["metrics_size"]?.integer,
      stepsSize >= 0, metricsSize >= 0, let reductions = json["plateau_reductions"]?.integer,
      let waited = number("early_stop_waited"), let plateauWaited = number("plateau_waited"),
      let seconds = number("seconds")
    else { return nil }
    earlyStop.best = BestMeasure(number("early_stop_best"))
    earlyStop.waited = waited
    plateau.best = number("plateau_best")
    plateau.waited = plateauWaited
    plateau.reductions = reductions
    best = BestMeasure(number("best"))
    restored = json["restored"].flatMap(RunState.report)
    last = json["last"].flatMap(RunState.report)
    self.stepsSize = stepsSize
    self.metricsSize = metricsSize
    self.seconds = seconds
    stepSeconds = number("step_seconds") ?? 0
    waitingSeconds = number("waiting_seconds") ?? 0
  }

  private static func json(_ report: EpochReport) -> JSON {
    var entries: [(String, JSON)] = [
      ("epoch", .integer(report.epoch)), ("step", .integer(report.step)), ("steps", .integer(report.steps)),
      ("loss", .string(report.loss.description)), ("learning_rate", .string(report.learningRate.description)),
    ]
    if let validation = report.validation {
      entries += [
        ("examples", .integer(validation.examples)), ("val.loss", .string(validation.loss.description)),
        ("metrics", .array(validation.metrics.map { .array([.string($0.name), .string($0.value.description)]) })),
      ]
    }
    return .object(entries)
  }

  private static func report(_ json: JSON) -> EpochReport? {
    func number(_ name: String) -> Double? { json[name]?.string.flatMap { Double($0) } }
    guard let epoch = json["epoch"]?.integer, let step = json["step"]?.integer, let steps = json["steps"]?.integer,
      let loss = number("loss"), let rate = number("learning_rate")
    else { return nil }
    var report = EpochReport(epoch: epoch, step: step, steps: steps, loss: loss, learningRate: rate)
    if let examples = json["examples"]?.integer, let loss = number("val.loss") {
      let metrics = (json["metrics"]?.array ?? []).compactMap { pair -> (name: String, value: Double)? in
        guard let parts = pair.array, parts.count == 2, let name = parts[0].string,
          let value = parts[1].string.flatMap({ Double($0) })
        else { return nil }
        return (name, value)
      }
      report.validation = SetReport(examples: examples, loss: loss, metrics: metrics)
    }
    return report
  }
}
