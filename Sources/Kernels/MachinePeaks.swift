import KernelContract

/// What this machine does at best with some threads, measured: the two roofs under which every kernel call stays.
package struct MachinePeaks: Sendable {
  /// Floating-point operations a second: multiply-adds on vector registers.
  package let vectorFlops: Double
  /// Operations a second on matrix tiles of bfloat16; nil where there are none.
  package let tileFlops: Double?
  /// Bytes a second, read or written, by the faster of two passes over memory: reading it, and updating half of it by the other half.
  package let bandwidth: Double

  package init(vectorFlops: Double, tileFlops: Double?, bandwidth: Double) {
    self.vectorFlops = vectorFlops
    self.tileFlops = tileFlops
    self.bandwidth = bandwidth
  }

  /// Measures them, in about half a second.
  package init(measuring set: InstructionSet, threads: Int) {
    let table = set.kernelTable
    func rate(_ parameters: any KernelParameters) -> Double {
      let memory = BenchmarkMemory(zeros: [])
      let scratch = BenchmarkMemory(zeros: (0..<threads).map { _ in parameters.scratchBytes })
      let seconds = fastest([KernelCall(parameters, operands: [])], table, memory, scratch, threads, repetitions: 5)
      return parameters.flops / seconds
    }
    vectorFlops = rate(PeakParameters(steps: 100_000, items: 2 * threads))
    tileFlops = set.unit == .tiles ? rate(TilePeakParameters(steps: 20_000, items: 2 * threads)) : nil
    bandwidth = Self.bandwidth(table, threads: threads)
  }

  /// The seconds that a call takes at least: what its unit can do, or what memory can.
  package func bound(_ cost: KernelCost) -> Double {
    let flops = cost.unit == .tiles ? tileFlops ?? vectorFlops : vectorFlops
    return max(cost.executedFlops / flops, cost.bytes / bandwidth)
  }

  private static func bandwidth(_ table: KernelTable, threads: Int) -> Double {
    // Far more than a core's own caches hold.
    let floats = 16 << 20
    let memory = BenchmarkMemory(zeros: [4 * floats, 4 * floats, 64, 64, 8 * 8192])
    let update = OptimizerUpdateParameters(count: floats, update: .sgd())
    let sum = RowReductionParameters(.sum, rows: 2, columns: floats / 2, stride: floats / 2)
    let scratch = BenchmarkMemory(zeros: (0..<threads).map { _ in update.scratchBytes + 64 })
    let updating = KernelCall(update, operands: (0..<4).map { .operand($0) })
    let reading = [0, 1].map { KernelCall(sum, operands: [.operand($0), .operand(4)]) }
    let seconds = [([updating], 3.0), (reading, 2.0)].map { calls, passes in
      fastest(calls, table, memory, scratch, threads, repetitions: 3) / passes
    }
    return 4 * Double(floats) / (seconds.min() ?? 1)
  }
}

/// The seconds of the fastest of some repetitions of calls in order.
private func fastest(
  _ calls: [KernelCall], _ table: KernelTable, _ memory: BenchmarkMemory, _ scratch: BenchmarkMemory, _ threads: Int,
  repetitions: Int
) -> Double {
  let bound = calls.map { BoundCall($0, table: table, memory: memory, resultIndex: 0, scratch: scratch.addresses) }
  return (0..<repetitions).map { _ in bound.reduce(0) { $0 + $1.run(threads: threads) } }.min() ?? 0
}
