import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Items of work that threads of their own do, from the moment it is made; whoever calls `finish` helps them.
final class ParallelWork: Sendable {
  /// Shared with the threads, which so do not keep the work itself alive.
  private final class State: Sendable {
    let count: Int
    let next = Atomic<Int>(0)
    let body: @Sendable (Int) -> Void

    init(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.body = body
    }

    func run() {
      while true {
        let item = next.add(1, ordering: .relaxed).oldValue
        if item >= count { return }
        body(item)
      }
    }
  }

  private let state: State
  private let threads: Mutex<[pthread_t]>

  /// Starts up to `threads` threads on `body(0) ... body(count - 1)`, each called once, in any order.
  init(count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let state = State(count: count, body)
    self.state = state
    var started: [pthread_t] = []
    for _ in 0..<max(0, min(threads, count)) {
      let box = Unmanaged.passRetained(state)
      #if canImport(Glibc)
        var thread = pthread_t()
      #else
        var thread: pthread_t! = nil
      #endif
      let code = pthread_create(&thread, nil, Self.start, box.toOpaque())
      guard code == 0 else {
        // Fewer threads do the same.
        box.release()
        break
      }
      started.append(thread)
    }
    self.threads = Mutex(started)
  }

  #if canImport(Glibc)
    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      Unmanaged<State>.fromOpaque($0!).takeRetainedValue().run()
      return nil
    }
  #else
    private static let start: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
      Unmanaged<State>.fromOpaque($0).takeRetainedValue().run()
      return nil
    }
  #endif

  /// Returns when every item is done.
  func finish() {
    state.run()
    join()
  }

  /// What has not begun is left out.
  deinit {
    state.next.store(state.count, ordering: .relaxed)
    join()
  }

  private func join() {
    let threads = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  /// How many threads may decode at once.
  static let processors = max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
}

/// A place for the result of each item of work. A thread writes its own alone, and nobody reads before all threads have ended.
final class ResultSlots<Value: Sendable>: @unchecked Sendable {
  let slots: UnsafeMutableBufferPointer<Value?>

  init(count: Int) {
    slots = .allocate(capacity: count)
    slots.initialize(repeating: nil)
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
  }
}
