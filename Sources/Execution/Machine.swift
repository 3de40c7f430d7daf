import KernelContract

/// Memory and workers that run plans. The plans share the variables; everything else of a run is overwritten by the
/// next.
package final class Machine {
  package let plans: [Plan]
  package let threads: Int
  private let persistent: Memory
  private let transient: Memory
  private let scratch: Memory
  private let scratchStride: Int
  private let pool: WorkerPool
  private let programs: [Program]
  private let preparations: [Program]
  /// For each plan, whether its preparation has run since parameters were written.
  private var arePrepared: [Bool]

  /// - Parameter plans: agree on their variables' names, sizes and places; none changes parameters if one has a preparation.
  package init(plans: [Plan], threads: Int, table: KernelTable) throws(MachineError) {
    self.plans = plans
    self.threads = max(1, threads)
    let needed = Machine.bytes(plans, threads: self.threads)
    guard needed <= Memory.available else { throw .outOfMemory(needed: needed, available: Memory.available) }
    let pool = try WorkerPool(count: self.threads)
    self.pool = pool
    scratchStride = Machine.scratchStride(plans)
    do throws(MachineError) {
      persistent = try Memory(bytes: plans.map(\.persistentBytes).max() ?? 0, pool: pool)
      transient = try Memory(bytes: plans.map(\.transientBytes).max() ?? 0, pool: pool)
      scratch = try Memory(bytes: scratchStride * self.threads, pool: pool)
    } catch {
      pool.stop()
      throw error
    }
    let (kept, passing) = (persistent.base, transient.base)
    programs = plans.map {
      Program($0.steps, constants: $0.constants, persistent: kept, transient: passing, table: table)
    }
    preparations = plans.map {
      Program($0.preparation, constants: [], persistent: kept, transient: passing, table: table)
    }
    arePrepared = plans.map(\.preparation.isEmpty)
  }

  deinit { pool.stop() }

  /// The bytes that a machine for these plans takes.
  package static func bytes(_ plans: [Plan], threads: Int) -> Int {
    Memory.rounded(plans.map(\.persistentBytes).max() ?? 0) + Memory.rounded(plans.map(\.transientBytes).max() ?? 0)
      + Memory.rounded(scratchStride(plans) * threads)
  }

  /// Workers' scratch areas start at different offsets within a page, lest they share cache sets.
  private static func scratchStride(_ plans: [Plan]) -> Int {
    ((plans.map(\.scratchBytes).max() ?? 0) + 4095) / 4096 * 4096 + 4096 + 192
  }

  /// Gives the memory of all values and variables back, for whoever needs some after the last run.
  package func discard() {
    persistent.discard()
    transient.discard()
    scratch.discard()
  }

  /// Runs plan number `index` once. Feeds must have been written since the last run of another plan.
  package func run(_ index: Int = 0) {
    prepare(index)
    let program = programs[index]
    program.fillConstants()
    run(program)
  }

  private func run(_ program: Program) {
    let workers = threads
    let pool = pool
    let scratch = Address(pointer: scratch.base)
    let stride = scratchStride
    pool.run { worker in
      let own = scratch.pointer + worker * stride
      for index in 0..<program.count {
        let step = program.steps + index
        step.pointee.compute(worker, of: workers, scratch: own)
        if step.pointee.needsBarrier { pool.barrier() }
      }
    }
  }

  private func prepare(_ index: Int) {
    if arePrepared[index] { return }
    run(preparations[index])
    arePrepared[index] = true
  }

  /// To be called when a parameter was written from outside.
  func forgetPreparations() {
    for index in plans.indices { arePrepared[index] = plans[index].preparation.isEmpty }
  }

  /// Runs plan number `index` once, as `run` does, with clocks around each step; `times` must have been made for this plan and machine.
  package func run(_ index: Int, timing times: StepTimes) {
    prepare(index)
    let program = programs[index]
    precondition(times.workers == threads && times.count == program.count)
    program.fillConstants()
    let workers = threads
    let pool = pool
    let scratch = Address(pointer: scratch.base)
    let stride = scratchStride
    pool.run { worker in
      let own = scratch.pointer + worker * stride
      var begun = StepTimes.now
      for index in 0..<program.count {
        let step = program.steps + index
        let start = StepTimes.now
        step.pointee.compute(worker, of: workers, scratch: own)
        times.computed[worker * times.count + index] = StepTimes.now - start
        if step.pointee.needsBarrier || index + 1 == program.count { pool.barrier() }
        if worker == 0 {
          let end = StepTimes.now
          times.passed[index] = end - begun
          begun = end
        }
      }
    }
  }

  /// Runs `job(worker, workers)` on every worker.
  func run(_ job: @escaping @Sendable (Int, Int) -> Void) {
    let workers = threads
    pool.run { job($0, workers) }
  }

  /// The address of a place.
  package func address(_ location: Location) -> UnsafeMutableRawPointer {
    (location.region == .persistent ? persistent.base : transient.base) + location.offset
  }
}

/// An address that may be handed to workers: the machine sees to it that they write to different places.
private struct Address: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }

/// The steps of a plan with addresses filled in, laid out flat so that running it touches no reference counts and no arrays.
private final class Program: @unchecked Sendable {
  struct Step {
    var kernel: Kernel
    var operands: UnsafeMutablePointer<UnsafeMutableRawPointer>
    var parameters: UnsafeMutableRawPointer
    var items: Int
    /// Whether other workers may depend on what this step has written: always, except between two steps that only
    /// worker 0 runs.
    var needsBarrier: Bool

    /// A worker's share of the items.
    @inline(__always)
    func compute(_ worker: Int, of workers: Int, scratch: UnsafeMutableRawPointer) {
      let context = KernelContext(
        operands: UnsafePointer(operands), parameters: UnsafeRawPointer(parameters), scratch: scratch)
      if items == 1 {
        if worker == 0 { kernel(context, 0, 1) }
      } else {
        let (first, end) = (items * worker / workers, items * (worker + 1) / workers)
        if first < end { kernel(context, first, end) }
      }
    }
  }
  let count: Int
  let steps: UnsafeMutablePointer<Step>
  private var constants: [(UnsafeMutablePointer<Float>, Int, Float)] = []

  init(
    _ plan: [PlanStep], constants filled: [PlanConstant], persistent: UnsafeMutableRawPointer,
    transient: UnsafeMutableRawPointer, table: KernelTable
  ) {
    func address(_ location: Location) -> UnsafeMutableRawPointer {
      (location.region == .persistent ? persistent : transient) + location.offset
    }
    count = plan.count
    steps = .allocate(capacity: max(1, count))
    for (index, step) in plan.enumerated() {
      let operands = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: max(1, step.operands.count))
      for (position, location) in step.operands.enumerated() {
        (operands + position).initialize(to: address(location))
      }
      let items = step.parameters.items
      let last = index + 1 == plan.count
      (steps + index).initialize(
        to: Step(
          kernel: step.parameters.kernel(in: table), operands: operands, parameters: stored(step.parameters),
          items: items, needsBarrier: !last && !(items == 1 && plan[index + 1].parameters.items == 1)))
    }
    for constant in filled {
      let pointer = address(constant.location).bindMemory(to: Float.self, capacity: constant.count)
      constants.append((pointer, constant.count, constant.value))
    }
  }

  deinit {
    for index in 0..<count {
      steps[index].operands.deallocate()
      steps[index].parameters.deallocate()
    }
    steps.deinitialize(count: count)
    steps.deallocate()
  }

  func fillConstants() {
    for (pointer, count, value) in constants { pointer.update(repeating: value, count: count) }
  }
}

/// A copy of the parameters' bytes at a fixed address.
private func stored<Parameters: KernelParameters>(_ parameters: Parameters) -> UnsafeMutableRawPointer {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, MemoryLayout<Parameters>.size), alignment: 64)
  memory.initializeMemory(as: Parameters.self, to: parameters)
  return memory
}
