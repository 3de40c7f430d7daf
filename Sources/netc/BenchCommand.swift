import ArgumentParser
import Datasets
import Driver
import Execution
import Semantics
import Training

/// `netc bench FILE`
struct BenchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times whole training steps on random examples of the declared types; needs no data.")

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file has several.", valueName: "net"))
  var name: String?
  @OptionGroup var options: PlanOptions
  @Option(help: "How many steps are timed.")
  var steps: Int = 10
  @OptionGroup var threads: ThreadOptions
  @Option(help: "text or json: one object.")
  var format: ResultFormat = .text
  @Flag(help: "The time of each kernel call as well, the longest first.")
  var profile = false

  func validate() throws {
    guard (1...1_000_000).contains(steps) else { throw ValidationError("--steps is 1 to 1000000, got \(steps)") }
  }

  mutating func execute() throws(Failure) {
    let file = try CheckedFile(net.file, overrides: try net.overrides())
    try file.report()
    let model = try file.model(named: name, trained: false)
    let batch = try file.batch(of: model, options)
    let purpose = file.purpose(of: model, options)
    var preparation = Preparation(file, model)
    let plan = try preparation.add(purpose, batch: batch)
    let (machine, _) = try preparation.machine(threads: threads.count)
    Weights.initialize(
      machine, plan: plan, variables: preparation.variables, seed: model.training?.seed ?? 1)
    let declarations = model.inputs + (purpose == .training ? model.targets : [])
    var stepTimes: [Double] = []
    var nanoseconds = [UInt64](repeating: 0, count: max(1, machine.plans[plan].steps.count))
    do {
      let examples = try Dataset.random(declarations, seed: 1, count: batch)
      let sequence = try BatchSequence(examples, batch: batch, shuffle: false, keepLast: false, seed: 1)
      let feeder = try BatchFeeder(machine, plan: plan, dataset: examples)
      let rate = model.training?.optimizer.learningRate ?? 0
      // The first steps fill caches and wake the threads.
      let warmUp = 2
      for step in 1...(steps + warmUp) {
        feeder.feed(sequence, batch: 0)
        feeder.feed(learningRate: rate, step: step)
        let start = SystemDescription.seconds
        if profile && step > warmUp {
          nanoseconds.withUnsafeMutableBufferPointer { machine.run(plan, addingTo: $0) }
        } else {
          machine.run(plan)
        }
        if step > warmUp { stepTimes.append(SystemDescription.seconds - start) }
      }
    } catch { throw Failure(error) }
    let result = BenchResult(
      model: model.name, batch: batch, threads: machine.threads, times: stepTimes, flops: machine.plans[plan].flops)
    Terminal.result(format == .json ? result.json.line + "\n" : result.text)
    if profile { Terminal.result(profileTable(machine.plans[plan], nanoseconds)) }
  }

  /// The kernel calls by the time they take.
  private func profileTable(_ plan: Plan, _ nanoseconds: [UInt64]) -> String {
    var table = TextTable(rightAligned: [0, 1, 2])
    table.rows.append(["ms", "%", "gflops", "phase", "layer", "op", "kernel"])
    table.rules = [1]
    let total = Double(nanoseconds.reduce(0, +))
    for index in plan.steps.indices.sorted(by: { nanoseconds[$0] > nanoseconds[$1] }) {
      let step = plan.steps[index]
      let time = Double(nanoseconds[index]) / Double(steps)
      table.rows.append([
        NumberFormat.fixed(time * 1e-6, 3),
        NumberFormat.fixed(Double(nanoseconds[index]) / max(1, total) * 100, 1),
        step.parameters.flops > 0 ? NumberFormat.fixed(step.parameters.flops / max(1, time), 1) : "",
        step.phase, step.path, step.op, type(of: step.parameters).name,
      ])
    }
    return table.text
  }
}

/// What `netc bench` measured.
struct BenchResult {
  var model: String
  var batch: Int
  var threads: Int
  /// Seconds of each step.
  var times: [Double]
  /// Floating-point operations of one step.
  var flops: Double
  /// Operations a second that this processor's threads reach at best, measured in this run.
  let peak: Double?

  init(model: String, batch: Int, threads: Int, times: [Double], flops: Double) {
    self.model = model
    self.batch = batch
    self.threads = threads
    self.times = times
    self.flops = flops
    peak = nil
  }

  private var median: Double {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
  private var fastest: Double { times.min() ?? 0 }
  private var gflops: Double { flops / median * 1e-9 }
  private var peakFraction: Double? { peak.map { flops / median / $0 } }

  var json: JSON {
    .object([
      ("net", .string(model)), ("batch", .integer(batch)), ("threads", .integer(threads)),
      ("steps", .integer(times.count)), ("ms_median", .number(median * 1e3)), ("ms_min", .number(fastest * 1e3)),
      ("items_per_second", .number(Double(batch) / median)), ("gflops", .number(gflops)),
      ("peak_fraction", peakFraction.map(JSON.number) ?? .null),
      ("peak_gflops", peak.map { .number($0 * 1e-9) } ?? .null),
      ("peak_bytes", .integer(SystemDescription.peakBytes)),
    ])
  }

  var text: String {
    var text = "\(model), batch \(batch), \(threads) \(threads == 1 ? "thread" : "threads"), \(times.count) steps\n"
    text += "  \(NumberFormat.fixed(median * 1e3, 3)) ms median, \(NumberFormat.fixed(fastest * 1e3, 3)) ms fastest\n"
    text += "  \(NumberFormat.grouped(Int((Double(batch) / median).rounded()))) examples/s\n"
    text += "  \(NumberFormat.fixed(gflops, 1)) gflop/s"
    if let peakFraction { text += ", \(NumberFormat.fixed(peakFraction * 100, 1)) % of the peak measured just now" }
    return text + "\n  \(NumberFormat.bytes(SystemDescription.peakBytes)) of memory at most\n"
  }
}
