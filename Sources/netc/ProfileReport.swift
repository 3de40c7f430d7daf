import Execution
import KernelContract
import Kernels
import Source
import Training

/// The times of a profile by the lines of the `.net` file, each beside what this machine could do at best.
struct ProfileReport {
  /// One line of the report: a line of the file, a step of a plan, or what no line owns.
  struct Row {
    var title: String
    /// Calls in one training step.
    var calls = 0.0
    /// The median over training steps.
    var milliseconds = 0.0
    /// Of the time of all training steps.
    var share = 0.0
    /// The work of one training step; none where there is nothing to count.
    var cost: KernelCost?
    /// The seconds that the machine would take at best.
    var bound = 0.0

    /// Useful operations and bytes, 10^9 a second, and the part of the time that the machine would take at best.
    var gigaflops: Double { rate(cost?.usefulFlops) }
    var gigabytes: Double { rate(cost?.bytes) }
    var roofline: Double { milliseconds > 0 ? bound / (milliseconds * 1e-3) : 0 }
    private func rate(_ amount: Double?) -> Double { milliseconds > 0 ? (amount ?? 0) / milliseconds * 1e-6 : 0 }
  }

  /// A line of the file with the steps that it stands for, in the order of the plan.
  struct Line {
    var number: Int
    var row: Row
    var steps: [(step: PlanStep, row: Row)]
  }

  let net: String
  let batch: Int
  let threads: Int
  let instructionSet: InstructionSet
  let steps: Int
  let peaks: MachinePeaks
  private(set) var lines: [Line] = []
  /// Steps that no line asked for, barriers, feeding, and what is between.
  private(set) var rest: [Row] = []
  let total: Row

  /// Measures the machine's peaks now.
  /// - Parameter lines: the texts of the file's lines, if they are known.
  init(
    _ profile: TrainingProfile, _ machine: Machine, net: String, batch: Int, instructionSet: InstructionSet,
    lines: [String]
  ) {
    self.net = net
    self.batch = batch
    self.instructionSet = instructionSet
    threads = machine.threads
    steps = profile.steps
    peaks = MachinePeaks(measuring: instructionSet, threads: machine.threads)
    let rows = ProfileRows(profile, machine, peaks)
    var byLine: [Int: [Int]] = [:]
    for (position, part) in profile.parts.enumerated() {
      if case .step(let plan, let index) = part {
        byLine[machine.plans[plan].steps[index].line, default: []].append(position)
      }
    }
    for (number, positions) in byLine.sorted(by: { $0.key < $1.key }) where number > 0 {
      let text = number <= lines.count ? lines[number - 1] : ""
      self.lines.append(
        Line(
          number: number, row: rows.row(positions, text),
          steps: positions.compactMap { position in rows.step(position).map { ($0, rows.row([position], $0.op)) } }))
    }
    for (position, part) in profile.parts.enumerated() where profile.totals[position] > 0 {
      switch part {
      case .step: break
      case .barriers: rest.append(rows.row([position], "workers meeting between steps"))
      case .feeding: rest.append(rows.row([position], "examples: making them, or waiting for them"))
      case .between: rest.append(rows.row([position], "between steps: loss, logs, display, checkpoints"))
      }
    }
    if let positions = byLine[0] { rest.insert(rows.row(positions, "steps that no line asked for"), at: 0) }
    total = rows.row(Array(profile.parts.indices), "a training step")
  }
}

/// Sums parts of a profile up.
private struct ProfileRows {
  let profile: TrainingProfile
  let machine: Machine
  let peaks: MachinePeaks
  private let all: Double

  init(_ profile: TrainingProfile, _ machine: Machine, _ peaks: MachinePeaks) {
    self.profile = profile
    self.machine = machine
    self.peaks = peaks
    all = Double(max(1, profile.totals.reduce(0, +)))
  }

  func step(_ position: Int) -> PlanStep? {
    guard case .step(let plan, let index) = profile.parts[position] else { return nil }
    return machine.plans[plan].steps[index]
  }

  func row(_ positions: [Int], _ title: String) -> ProfileReport.Row {
    var row = ProfileReport.Row(title: title)
    row.milliseconds = profile.median(of: positions) * 1e-6
    row.share = Double(positions.reduce(0) { $0 + profile.totals[$1] }) / all
    for position in positions {
      let calls = Double(profile.calls[position]) / Double(max(1, profile.steps))
      guard let step = step(position) else { continue }
      row.calls += calls
      var cost = row.cost ?? KernelCost()
      cost.usefulFlops += calls * step.cost.usefulFlops
      cost.executedFlops += calls * step.cost.executedFlops
      cost.bytes += calls * step.cost.bytes
      if positions.count == 1 { cost.unit = step.cost.unit }
      row.cost = cost
      row.bound += calls * peaks.bound(step.cost)
    }
    return row
  }
}

extension ProfileReport {
  var json: JSON {
    func object(_ row: Row, _ first: [(String, JSON)], isStep: Bool = false) -> JSON {
      var entries =
        first + [("calls", .number(row.calls)), ("ms", .number(row.milliseconds)), ("share", .number(row.share))]
      if let cost = row.cost {
        entries += [
          ("flops", .number(cost.usefulFlops)), ("executed_flops", .number(cost.executedFlops)),
          ("bytes", .number(cost.bytes)), ("gflops", .number(row.gigaflops)), ("gbytes", .number(row.gigabytes)),
          ("roofline_fraction", .number(row.roofline)),
        ]
        if isStep { entries.append(("unit", .string(cost.unit == .tiles ? "tiles" : "vectors"))) }
      }
      return .object(entries)
    }
    let lines = lines.map { line -> JSON in
      let steps = line.steps.map { step, row in
        object(
          row,
          [
            ("phase", .string(step.phase)), ("layer", .string(step.path)), ("op", .string(step.op)),
            ("kernel", .string(type(of: step.parameters).name)), ("note", .string(step.note)),
          ], isStep: true)
      }
      guard
        case .object(let entries) = object(
          line.row, [("line", .integer(line.number)), ("text", .string(line.row.title))])
      else { return .null }
      return .object(entries + [("steps", .array(steps))])
    }
    return .object([
      ("net", .string(net)), ("batch", .integer(batch)), ("threads", .integer(threads)),
      ("instruction_set", .string(instructionSet.rawValue)), ("steps", .integer(steps)),
      ("peak_gflops", .number(peaks.vectorFlops * 1e-9)),
      ("peak_tile_gflops", peaks.tileFlops.map { .number($0 * 1e-9) } ?? .null),
      ("peak_gbytes", .number(peaks.bandwidth * 1e-9)), ("total", object(total, [])), ("lines", .array(lines)),
      ("rest", .array(rest.map { object($0, [("what", .string($0.title))]) })),
    ])
  }

  var text: String {
    var text = "\(net), batch \(batch), \(threads) \(threads == 1 ? "thread" : "threads"), \(instructionSet.rawValue)"
    text += ", \(NumberFormat.grouped(steps)) training \(steps == 1 ? "step" : "steps"): "
    text += "\(NumberFormat.fixed(total.milliseconds, 3)) ms each (median)\n"
    text += "at best: \(NumberFormat.fixed(peaks.vectorFlops * 1e-9, 0)) gflop/s in vectors"
    if let tiles = peaks.tileFlops { text += ", \(NumberFormat.fixed(tiles * 1e-9, 0)) in tiles of bfloat16" }
    text += ", \(NumberFormat.fixed(peaks.bandwidth * 1e-9, 1)) GB/s, measured just now\n\n"
    var table = TextTable(rightAligned: [0, 1, 2, 3, 4, 5, 6])
    table.rows.append(["line", "calls", "ms", "%", "gflop/s", "GB/s", "roofline", ""])
    for line in lines {
      table.rules.insert(table.rows.count)
      table.rows.append([String(line.number)] + figures(line.row) + [shortened(line.row.title)])
      for (step, row) in line.steps {
        let kernel = type(of: step.parameters).name
        let what = [step.phase, step.path, step.op, kernel == step.op ? "" : kernel].filter { !$0.isEmpty }
        table.rows.append([""] + figures(row) + ["  " + what.joined(separator: "  ")])
      }
    }
    table.rules.insert(table.rows.count)
    for row in rest { table.rows.append(["-"] + figures(row) + [row.title]) }
    table.rules.insert(table.rows.count)
    table.rows.append([""] + figures(total) + [total.title])
    return text + table.text
  }

  /// At most 60 characters, none of which steers a terminal.
  private func shortened(_ text: String) -> String {
    DisplayText.escaped(text.count <= 60 ? text : text.prefix(59) + "…")
  }

  private func figures(_ row: Row) -> [String] {
    let calls = row.calls == row.calls.rounded() ? String(Int(row.calls)) : NumberFormat.fixed(row.calls, 1)
    return [
      row.calls == 0 ? "" : calls, NumberFormat.fixed(row.milliseconds, 3), NumberFormat.fixed(row.share * 100, 1),
      row.gigaflops > 0 ? NumberFormat.fixed(row.gigaflops, 1) : "",
      row.gigabytes > 0 ? NumberFormat.fixed(row.gigabytes, 1) : "",
      row.bound > 0 ? NumberFormat.fixed(row.roofline * 100, 0) + " %" : "",
    ]
  }
}
