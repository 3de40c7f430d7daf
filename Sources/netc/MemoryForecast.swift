import Execution

/// How much memory the process that takes a plan's steps will have at most.
struct MemoryForecast {
  let threads: Int
  /// What the machine allocates.
  let machineBytes: Int
  /// The examples of one batch, as `netc bench` keeps them.
  let exampleBytes: Int
  /// netc itself: its code, libraries, and what it has read and planned.
  let processBytes: Int
  var bytes: Int { machineBytes + exampleBytes + processBytes }

  /// What a process has more when it takes steps than when it has planned them: the code of kernels, the stacks of threads, the list of
  /// calls. Measured on nets of 30 to 900 calls.
  private static let laterBytes = 1_000_000

  /// Measured and counted in this process, which must not have made a machine yet.
  init(_ plans: [Plan], threads: Int) {
    self.threads = threads
    machineBytes = Machine.bytes(plans, threads: threads)
    let feeds = plans.map { $0.feeds.filter { $0.role == "input" || $0.role == "target" } }
    exampleBytes = feeds.map { $0.reduce(0) { $0 + $1.exampleBytes } }.max() ?? 0
    processBytes = SystemDescription.residentBytes + Self.laterBytes
  }

  var text: String {
    "peak: about \(NumberFormat.bytes(bytes)) with \(threads) \(threads == 1 ? "thread" : "threads"): "
      + "\(NumberFormat.bytes(machineBytes)) for all that in large pages, \(NumberFormat.bytes(exampleBytes)) of examples, "
      + "\(NumberFormat.bytes(processBytes)) for netc itself\n"
  }
}

extension PlanTensor {
  /// What the data set keeps of it for a batch.
  fileprivate var exampleBytes: Int {
    switch storage {
    case .bytePanels, .pictures: count
    case .float32, .int32: 4 * count
    }
  }
}
