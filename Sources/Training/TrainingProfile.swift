import Execution

/// Where the time of training steps went: to each step of the plans that make one, to feeding examples, and to what is between.
package final class TrainingProfile {
  /// What time goes to.
  package enum Part: Hashable, Sendable {
    /// A step of a plan, by their numbers.
    case step(plan: Int, index: Int)
    /// Workers who meet at the barriers between steps.
    case barriers
    /// Making examples, or waiting for them, and writing them to the machine.
    case feeding
    /// The rest of a training step: reading the loss, logs, the display, checkpoints.
    case between
  }

  package let parts: [Part]
  /// How often each part happened in all.
  package private(set) var calls: [Int]
  /// Nanoseconds that each part took in all.
  package private(set) var totals: [UInt64]
  /// How many training steps were taken.
  package private(set) var steps = 0
  /// Nanoseconds of each part, one row of `parts.count` for every `stride`-th training step: at most `mostSamples` rows.
  package private(set) var samples: [UInt64] = []

  private static let mostSamples = 512
  private var stride = 1
  private var current: [UInt64]
  private var begun: UInt64 = 0
  private let times: [Int: (first: Int, times: StepTimes)]
  private let machine: Machine

  /// - Parameter plans: the plans that are run in a training step, each once.
  package init(_ machine: Machine, plans: [Int]) {
    self.machine = machine
    var parts: [Part] = []
    var times: [Int: (Int, StepTimes)] = [:]
    for plan in plans where times[plan] == nil {
      times[plan] = (parts.count, StepTimes(machine, plan: plan))
      parts += machine.plans[plan].steps.indices.map { .step(plan: plan, index: $0) }
    }
    parts += [.barriers, .feeding, .between]
    self.parts = parts
    self.times = times
    calls = Array(repeating: 0, count: parts.count)
    totals = Array(repeating: 0, count: parts.count)
    current = totals
  }

  /// Starts a training step.
  package func begin() {
    for index in current.indices { current[index] = 0 }
    begun = StepTimes.now
  }

  /// Has `body` feed examples.
  package func feeding(_ body: () -> Void) {
    let start = StepTimes.now
    body()
    add(StepTimes.now - start, to: parts.count - 2)
  }

  /// Runs a plan.
  package func run(_ plan: Int) {
    guard let (first, times) = times[plan] else { return machine.run(plan) }
    machine.run(plan, timing: times)
    for index in 0..<times.count {
      add(times.computing(index), to: first + index)
      current[parts.count - 3] += times.waiting(index)
    }
    calls[parts.count - 3] += 1
  }

  /// Ends a training step.
  package func end() {
    let known = current.reduce(0, +)
    let all = StepTimes.now - begun
    add(all > known ? all - known : 0, to: parts.count - 1)
    for index in current.indices { totals[index] += current[index] }
    if steps % stride == 0 {
      if samples.count == Self.mostSamples * parts.count { thin() }
      if steps % stride == 0 { samples += current }
    }
    steps += 1
  }

  /// Leaves every second row out, and from now on as many.
  private func thin() {
    var kept: [UInt64] = []
    for row in Swift.stride(from: 0, to: Self.mostSamples, by: 2) {
      kept += samples[row * parts.count..<(row + 1) * parts.count]
    }
    samples = kept
    stride *= 2
  }

  private func add(_ nanoseconds: UInt64, to part: Int) {
    current[part] += nanoseconds
    calls[part] += 1
  }

  /// The median over training steps of the nanoseconds that some parts, given by their positions, take together.
  package func median(of positions: [Int]) -> Double {
    let sums = Swift.stride(from: 0, to: samples.count, by: parts.count).map { row in
      positions.reduce(UInt64(0)) { $0 + samples[row + $1] }
    }.sorted()
    guard !sums.isEmpty else { return 0 }
    let middle = sums.count / 2
    return sums.count % 2 == 1 ? Double(sums[middle]) : Double(sums[middle - 1] + sums[middle]) / 2
  }
}
