import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that live as long as the pool and run one job at a time together with the caller, who is worker 0.
///
/// Workers wait at barriers by spinning for some tens of microseconds, then asleep.
package final class WorkerPool: @unchecked Sendable {
  package let count: Int
  /// Runs on every worker; set before the start barrier, read after it.
  private var job: (@Sendable (Int) -> Void)?
  private var stopping = false
  private let arrived = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let spins: Int
  private var threads: [pthread_t] = []
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  package init(count: Int) throws(MachineError) {
    self.count = max(1, count)
    // Spinning while another worker waits for this core would only delay it.
    spins = self.count <= Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) ? 20_000 : 0
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    for worker in 1..<max(2, self.count) where worker < self.count {
      let box = Unmanaged.passRetained(Entry(pool: self, worker: worker))
      var thread = pthread_t()
      let code = pthread_create(&thread, nil, startWorker, box.toOpaque())
      guard code == 0 else {
        box.release()
        throw .noThreads(code: code)
      }
      threads.append(thread)
    }
  }

  deinit {
    mutex.deallocate()
    condition.deallocate()
  }

  /// Ends the threads; the pool runs nothing after this.
  package func stop() {
    guard !threads.isEmpty else { return }
    stopping = true
    barrier()
    for thread in threads { pthread_join(thread, nil) }
    threads = []
  }

  /// Runs `job(worker)` on every worker and returns when all have finished.
  package func run(_ job: @escaping @Sendable (Int) -> Void) {
    guard count > 1 else { return withFlushedDenormals { job(0) } }
    self.job = job
    barrier()
    withFlushedDenormals { job(0) }
    barrier()
    self.job = nil
  }

  /// Returns on each worker once all have called it.
  @inline(__always)
  package func barrier() {
    guard count > 1 else { return }
    let current = generation.load(ordering: .relaxed)
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == count {
      arrived.store(0, ordering: .relaxed)
      generation.store(current &+ 1, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
      return
    }
    for _ in 0..<spins where generation.load(ordering: .acquiring) != current { return }
    sleep(until: current)
  }

  private func wake() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func sleep(until current: Int) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == current { pthread_cond_wait(condition, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  fileprivate func work(as worker: Int) {
    withFlushedDenormals {
      while true {
        barrier()
        if stopping { return }
        job?(worker)
        barrier()
      }
    }
  }

  fileprivate final class Entry {
    let pool: WorkerPool
    let worker: Int
    init(pool: WorkerPool, worker: Int) {
      self.pool = pool
      self.worker = worker
    }
  }
}

#if canImport(Glibc)
  private func startWorker(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? { enter(argument!) }
#else
  private func startWorker(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? { enter(argument) }
#endif

private func enter(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  let entry = Unmanaged<WorkerPool.Entry>.fromOpaque(argument).takeRetainedValue()
  entry.pool.work(as: entry.worker)
  return nil
}

/// Runs `body` with results and operands too small for full precision taken as zero: they occur in optimizer states and
/// cost a hundred times an ordinary operation.
private func withFlushedDenormals(_ body: () -> Void) {
  var environment = fenv_t()
  fegetenv(&environment)
  let saved = environment
  #if arch(x86_64)
    environment.__mxcsr |= 0x8040
  #elseif arch(arm64) && os(Linux)
    environment.__fpcr |= 1 << 24
  #endif
  fesetenv(&environment)
  body()
  var restored = saved
  fesetenv(&restored)
}
