#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How long each step of a plan took in one run of it: see `Machine.run(_:timing:)`.
package final class StepTimes: @unchecked Sendable {
  /// The steps of the plan, and the workers of the machine.
  package let count: Int
  let workers: Int
  /// Nanoseconds that each worker computed, worker by worker. Each writes its own.
  let computed: UnsafeMutablePointer<UInt64>
  /// Nanoseconds from the end of the step before to the end of each step, as worker 0 sees it.
  let passed: UnsafeMutablePointer<UInt64>

  package init(_ machine: Machine, plan: Int) {
    count = machine.plans[plan].steps.count
    workers = machine.threads
    computed = .allocate(capacity: max(1, count * workers))
    computed.initialize(repeating: 0, count: count * workers)
    passed = .allocate(capacity: max(1, count))
    passed.initialize(repeating: 0, count: count)
  }

  deinit {
    computed.deallocate()
    passed.deallocate()
  }

  /// The nanoseconds in which step number `index` computed: those of its slowest worker.
  package func computing(_ index: Int) -> UInt64 {
    var slowest: UInt64 = 0
    for worker in 0..<workers { slowest = max(slowest, computed[worker * count + index]) }
    // A worker that came late may have computed while the others had to wait for it.
    return min(slowest, passed[index])
  }

  /// The nanoseconds in which nobody computed around the step: waking up, meeting at its barrier.
  package func waiting(_ index: Int) -> UInt64 { passed[index] - computing(index) }

  /// A monotonic clock, in nanoseconds.
  package static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
