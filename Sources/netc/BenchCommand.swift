import ArgumentParser
import Execution
import Kernels
import Semantics
import Source

/// `netc bench FILE`
struct BenchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times whole training steps on random examples of the declared types; needs no data.")

  @Argument(help: ArgumentHelp("The .net file.", valueName: "file"), completion: .file(extensions: ["net"]))
  var file: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A setting or a parameter to change, as in run. May be repeated.", valueName: "key=value"))
  var settings: [String] = []
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
  @Option(help: ArgumentHelp("Times how a net writes so many pieces of its last input instead.", valueName: "pieces"))
  var generate: Int?
  @Option(help: "How many sequences --generate follows at once.")
  var beam = 1
  @Flag(help: "The kernels alone, on the workloads of known networks, instead of a file.")
  var kernels = false
  @Option(help: ArgumentHelp("With --kernels: the workloads whose names contain this.", valueName: "name"))
  var only: String?
  @Flag(help: "The errors of Winograd's algorithms over those of direct convolution, on layers of known networks.")
  var errors = false

  func validate() throws {
    _ = try NetOptions.overrides(settings)
    if [kernels, errors, file != nil].count(where: { $0 }) != 1 {
      throw ValidationError("bench needs one of a file, --kernels and --errors")
    }
    if only != nil && !kernels { throw ValidationError("--only chooses among what --kernels times, which is missing") }
    if let generate, !(1...1_000_000).contains(generate) {
      throw ValidationError("--generate is 1 to 1000000, got \(generate)")
    }
    if !(1...64).contains(beam) { throw ValidationError("--beam is 1 to 64, got \(beam)") }
    guard (1...1_000_000).contains(steps) else { throw ValidationError("--steps is 1 to 1000000, got \(steps)") }
  }

  mutating func execute() throws(Failure) {
    guard let path = file else { return errors ? try showErrors() : try benchKernels() }
    let file: CheckedFile
    do {
      file = try CheckedFile(path, overrides: try NetOptions.overrides(settings))
    } catch let failure as Failure {
      throw failure
    } catch { throw Failure(.usage, "\(error)") }
    try file.report()
    let model = try file.model(named: name, trained: false)
    if let generate { return try benchGeneration(file, model, pieces: generate) }
    let random = try RandomSteps(file, model, options, threads: threads.count)
    let (machine, plan) = (random.machine, random.plan)
    var stepTimes: [Double] = []
    let times = StepTimes(machine, plan: plan)
    var nanoseconds = [UInt64](repeating: 0, count: times.count)
    // The first steps fill caches and wake the threads; where they are short, the processor takes longer to find its speed.
    let begun = SystemDescription.seconds
    var warmUp = 0
    repeat {
      warmUp += 1
      random.feed(warmUp)
      machine.run(plan)
    } while warmUp < 2 || SystemDescription.seconds - begun < 0.05
    for step in 1...steps {
      random.feed(warmUp + step)
      let start = SystemDescription.seconds
      if profile {
        machine.run(plan, timing: times)
      } else {
        machine.run(plan)
      }
      stepTimes.append(SystemDescription.seconds - start)
      if profile { for index in nanoseconds.indices { nanoseconds[index] += times.computing(index) } }
    }
    // Before the peak is measured, which takes memory of its own.
    let peakBytes = SystemDescription.peakBytes
    let result = BenchResult(
      model: model.name, batch: random.batch, threads: machine.threads, times: stepTimes,
      flops: machine.plans[plan].flops,
      peak: BenchResult.peak(random.instructionSet, threads: machine.threads), peakBytes: peakBytes)
    Terminal.result(format == .json ? result.json.line + "\n" : result.text)
    if profile { Terminal.result(profileTable(machine.plans[plan], nanoseconds)) }
  }

  /// A row for each benchmark of the room `Kernels`.
  private func benchKernels() throws(Failure) {
    let instructionSet: InstructionSet
    do {
      instructionSet = try InstructionSet.selected()
    } catch { throw Failure(.diagnostics, error.description) }
    let names = KernelBenchmark.names(instructionSet)
    if let only, !names.contains(where: { $0.contains(only) }) {
      throw Failure(
        .usage,
        "no workload of --kernels has a name that contains '\(only)'; there are \(names.joined(separator: ", "))")
    }
    KernelBenchmark.measure(instructionSet, threads: threads.count, filter: only ?? "") { row in
      if format == .json {
        let entries: [(String, JSON)] = [
          ("kernel", .string(row.name)), ("ms", .number(row.seconds * 1e3)), ("gflops", .number(row.gigaflops)),
          ("peak_fraction", .number(row.fractionOfPeak)),
        ]
        Terminal.result(JSON.object(entries).line + "\n")
      } else {
        let name = row.name + String(repeating: " ", count: max(0, 44 - row.name.count))
        let columns = [
          NumberFormat.fixed(row.seconds * 1e3, 3) + " ms", NumberFormat.fixed(row.gigaflops, 1) + " gflop/s",
          NumberFormat.fixed(row.fractionOfPeak * 100, 1) + " %",
        ].map { String(repeating: " ", count: max(1, 16 - $0.count)) + $0 }
        Terminal.result(name + columns.joined() + "\n")
      }
    }
  }

  /// A row for each pass of each layer that Winograd's algorithms were tried on, and the greatest ratio.
  private func showErrors() throws(Failure) {
    let instructionSet: InstructionSet
    do {
      instructionSet = try InstructionSet.selected()
    } catch { throw Failure(.diagnostics, error.description) }
    var greatest = 0.0
    WinogradErrors.measure(instructionSet, threads: threads.count) { row in
      greatest = max(greatest, row.ratio)
      if format == .json {
        let entries: [(String, JSON)] = [
          ("layer", .string(row.name)), ("direct", .number(row.direct)), ("winograd", .number(row.winograd)),
          ("ratio", .number(row.ratio)),
        ]
        Terminal.result(JSON.object(entries).line + "\n")
      } else {
        let name = row.name + String(repeating: " ", count: max(1, 48 - row.name.count))
        let errors = "direct \(NumberFormat.short(row.direct))  Winograd \(NumberFormat.short(row.winograd))"
        let padding = String(repeating: " ", count: max(1, 40 - errors.count))
        Terminal.result(name + errors + padding + NumberFormat.fixed(row.ratio, 2) + " times\n")
      }
    }
    if format == .text {
      Terminal.result("at most \(NumberFormat.fixed(greatest, 2)) times the direct one's error (rms)\n")
    }
  }

  /// The kernel calls by the time they take.
  func profileTable(_ plan: Plan, _ nanoseconds: [UInt64]) -> String {
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
  var peak: Double
  /// The most memory that the process had by the end of the steps.
  var peakBytes: Int

  /// The rate of multiply-adds on registers alone, measured now.
  static func peak(_ instructionSet: InstructionSet, threads: Int) -> Double {
    var rate = 0.0
    KernelBenchmark.measure(instructionSet, threads: threads, filter: "peak") { rate = max(rate, $0.gigaflops * 1e9) }
    return rate
  }

  private var median: Double {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
  private var fastest: Double { times.min() ?? 0 }
  private var gflops: Double { flops / median * 1e-9 }
  private var peakFraction: Double { flops / median / max(1, peak) }

  var json: JSON {
    .object([
      ("net", .string(model)), ("batch", .integer(batch)), ("threads", .integer(threads)),
      ("steps", .integer(times.count)), ("ms_median", .number(median * 1e3)), ("ms_min", .number(fastest * 1e3)),
      ("items_per_second", .number(Double(batch) / median)), ("gflops", .number(gflops)),
      ("peak_fraction", .number(peakFraction)),
      ("peak_gflops", .number(peak * 1e-9)),
      ("peak_bytes", .integer(peakBytes)),
    ])
  }

  var text: String {
    var text = "\(model), batch \(batch), \(threads) \(threads == 1 ? "thread" : "threads"), \(times.count) steps\n"
    text += "  \(NumberFormat.fixed(median * 1e3, 3)) ms median, \(NumberFormat.fixed(fastest * 1e3, 3)) ms fastest\n"
    text += "  \(NumberFormat.grouped(Int((Double(batch) / median).rounded()))) examples/s\n"
    text += "  \(NumberFormat.fixed(gflops, 1)) gflop/s"
    text += ", \(NumberFormat.fixed(peakFraction * 100, 1)) % of the peak measured just now"
    return text + "\n  \(NumberFormat.bytes(peakBytes)) of memory at most\n"
  }
}
