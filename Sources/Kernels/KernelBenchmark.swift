import KernelContract

/// A workload of the contraction kernels, as networks have it.
package struct KernelBenchmark: Sendable {
  package let name: String
  let sequence: KernelSequence
  /// The floats of each operand; the result is the last.
  let operandCounts: [Int]
  package let flops: Double

  /// What a benchmark measured.
  package struct Row: Sendable {
    package let name: String
    package let seconds: Double
    /// 10^9 floating-point operations a second, all threads together.
    package let gigaflops: Double
    /// The share of what `PeakParameters` reaches with as many threads.
    package let fractionOfPeak: Double
  }

  /// The names of all benchmarks.
  package static func names(_ set: InstructionSet) -> [String] { ["peak"] + all(set.unit).map(\.name) }

  /// Measures every benchmark whose name contains `filter`, the fastest of some repetitions each, and hands over its row.
  package static func measure(
    _ set: InstructionSet, threads: Int, filter: String = "", report: (Row) -> Void
  ) {
    let table = set.kernelTable
    let parameters = PeakParameters(steps: 100_000, items: 2 * threads)
    let peak = KernelBenchmark(
      name: "peak", sequence: KernelSequence([KernelCall(parameters, operands: [])]), operandCounts: [1],
      flops: parameters.flops)
    let peakRate = peak.flops / peak.fastest(table, threads: threads)
    for benchmark in [peak] + all(set.unit) where benchmark.name.contains(filter) {
      let seconds = benchmark.fastest(table, threads: threads)
      let rate = benchmark.flops / seconds
      report(
        Row(name: benchmark.name, seconds: seconds, gigaflops: rate * 1e-9, fractionOfPeak: rate / peakRate))
    }
  }

  /// The seconds of the fastest repetition.
  private func fastest(_ table: KernelTable, threads: Int) -> Double {
    let memory = BenchmarkMemory(operandCounts.map { 4 * $0 } + [sequence.workspaceBytes + 64])
    let scratchBytes = sequence.calls.map(\.parameters.scratchBytes).max() ?? 0
    let scratch = BenchmarkMemory((0..<threads).map { _ in scratchBytes + 64 })
    let calls = sequence.calls.map { call in
      BoundCall(call, table: table, memory: memory, resultIndex: operandCounts.count - 1, scratch: scratch.addresses)
    }
    var best = Double.infinity
    var total = 0.0
    var repetitions = 0
    while repetitions < 3 || (total < 0.3 && repetitions < 200) {
      let seconds = calls.reduce(0) { $0 + $1.run(threads: threads) }
      best = min(best, seconds)
      total += seconds
      repetitions += 1
    }
    return best
  }
}
