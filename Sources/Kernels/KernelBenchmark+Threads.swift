import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Blocks of memory filled with numbers in -1 ..< 1 of which every bit counts, on huge pages like those of the machine that runs plans.
final class BenchmarkMemory: @unchecked Sendable {
  let addresses: [UnsafeMutableRawPointer]

  init(_ byteCounts: [Int]) {
    let page = 2 << 20
    addresses = byteCounts.map { bytes in
      let size = ceilingQuotient(bytes + 128, page) * page
      let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: page)
      #if canImport(Glibc)
        madvise(block, size, Int32(MADV_HUGEPAGE))
      #endif
      let floats = block.bindMemory(to: Float.self, capacity: bytes / 4 + 32)
      for i in 0..<bytes / 4 + 32 { floats[i] = Float(Int32(truncatingIfNeeded: i &* 0x9E37_79B1)) * 0x1p-31 }
      return block
    }
  }

  /// Blocks of zeros, made at the speed of memory.
  init(zeros byteCounts: [Int]) {
    let page = 2 << 20
    addresses = byteCounts.map { bytes in
      let size = ceilingQuotient(bytes, page) * page
      let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: page)
      #if canImport(Glibc)
        madvise(block, size, Int32(MADV_HUGEPAGE))
      #endif
      memset(block, 0, size)
      return block
    }
  }

  deinit { for address in addresses { address.deallocate() } }
}

/// A kernel call with its addresses, ready to run on some threads.
final class BoundCall: @unchecked Sendable {
  private let kernel: Kernel
  private let items: Int
  private let parameters: UnsafeMutableRawPointer
  private let operands: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let scratch: [UnsafeMutableRawPointer]
  // Keeps the operands alive.
  private let memory: BenchmarkMemory

  init(
    _ call: KernelCall, table: KernelTable, memory: BenchmarkMemory, resultIndex: Int,
    scratch: [UnsafeMutableRawPointer]
  ) {
    kernel = call.parameters.kernel(in: table)
    items = call.parameters.items
    self.memory = memory
    self.scratch = scratch
    operands = .allocate(capacity: call.operands.count + 1)
    for (i, operand) in call.operands.enumerated() {
      switch operand {
      case .operand(let number): (operands + i).initialize(to: memory.addresses[number])
      case .result: (operands + i).initialize(to: memory.addresses[resultIndex])
      case .operandPart(let number, let offset): (operands + i).initialize(to: memory.addresses[number] + offset)
      case .resultPart(let offset): (operands + i).initialize(to: memory.addresses[resultIndex] + offset)
      case .workspace(let offset), .prepared(let offset):
        (operands + i).initialize(to: memory.addresses.last! + offset)
      }
    }
    func copy<P: KernelParameters>(_ value: P) -> UnsafeMutableRawPointer {
      let place = UnsafeMutablePointer<P>.allocate(capacity: 1)
      place.initialize(to: value)
      return UnsafeMutableRawPointer(place)
    }
    parameters = copy(call.parameters)
  }

  deinit {
    parameters.deallocate()
    operands.deallocate()
  }

  /// Runs all items, an equal run on each thread, and returns the seconds that the slowest thread computed. Processor time
  /// rather than time of day, so that other programs disturb a measurement less.
  func run(threads: Int) -> Double {
    if threads == 1 { return run(part: 0, of: 1) }
    let parts = (0..<threads).map { Part(call: self, number: $0, count: threads) }
    let handles = parts.map { part -> pthread_t? in
      #if canImport(Glibc)
        var handle: pthread_t = 0
      #else
        var handle: pthread_t?
      #endif
      let argument = Unmanaged.passUnretained(part).toOpaque()
      let status = pthread_create(
        &handle, nil,
        { argument in
          #if canImport(Glibc)
            let part = Unmanaged<Part>.fromOpaque(argument!).takeUnretainedValue()
          #else
            let part = Unmanaged<Part>.fromOpaque(argument).takeUnretainedValue()
          #endif
          part.seconds = part.call.run(part: part.number, of: part.count)
          return nil
        }, argument)
      if status == 0 { return handle }
      part.seconds = run(part: part.number, of: part.count)
      return nil
    }
    for case .some(let handle) in handles { pthread_join(handle, nil) }
    return parts.map(\.seconds).max() ?? 0
  }

  private func run(part: Int, of count: Int) -> Double {
    let start = processorTime()
    kernel(
      KernelContext(
        operands: UnsafePointer(operands), parameters: UnsafeRawPointer(parameters), scratch: scratch[part]),
      items * part / count, items * (part + 1) / count)
    return processorTime() - start
  }

  /// One thread's share of a call.
  private final class Part: @unchecked Sendable {
    let call: BoundCall
    let number: Int
    let count: Int
    var seconds = 0.0

    init(call: BoundCall, number: Int, count: Int) {
      self.call = call
      self.number = number
      self.count = count
    }
  }
}

/// The seconds that the calling thread has run.
private func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
