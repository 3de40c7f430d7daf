import Datasets
import Driver
import Execution
import Graphs
import Kernels
import Semantics
import Source
import Synchronization
import Testing
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whatever fails while a checkpoint is written, there is the old one or the new one.
@Suite struct CheckpointTests {
  /// A machine with a small net and the memory of its optimizer.
  private static func machine() throws -> Machine {
    let text = """
      net N {
        input x: f32[3]
        output y = x -> linear(4) -> batch_norm -> linear(2)
      }
      train N {
        target t: f32[2]
        data = tensors("none.safetensors")
        loss = mse(y, t)
        optimizer = adam(lr=0.01)
        epochs = 1
      }
      """
    let model = try #require(Compilation(SourceFile(path: "n.net", text: text)).models.first)
    var set = PlanSet(model)
    _ = try set.add(.training, batch: 2)
    return try Machine(plans: set.plans, threads: 1, table: try InstructionSet.selected().kernelTable)
  }

  private static func fill(_ machine: Machine, _ value: Float) {
    for variable in machine.plans[0].variables {
      machine.write((0..<variable.count).map { value + Float($0) }, to: variable)
    }
  }

  private static func values(_ machine: Machine) -> [[Float]] { machine.plans[0].variables.map { machine.read($0) } }

  enum Fault: CaseIterable { case crash, noSpace, device, short }

  /// The real calls up to number `failing`. A crash does nothing from then on, not even clean up.
  private static func operations(_ fault: Fault, at failing: Int, _ counter: @escaping @Sendable () -> Int)
    -> FileOperations
  {
    let real = FileOperations.system
    @Sendable func result(_ call: () -> Int) -> Int {
      let number = counter()
      switch fault {
      case .crash where number >= failing: return -Int(EIO)
      case .noSpace where number == failing: return -Int(ENOSPC)
      case .device where number == failing: return -Int(EIO)
      default: return call()
      }
    }
    var operations = real
    operations.create = { path in result { real.create(path) } }
    operations.write = { descriptor, bytes in
      result {
        real.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(fault == .short ? 1 + failing : 300)))
      }
    }
    operations.synchronize = { descriptor in result { real.synchronize(descriptor) } }
    operations.close = { descriptor in
      // What a crash leaves open the system closes.
      let closed = real.close(descriptor)
      return result { closed }
    }
    operations.rename = { from, to in result { real.rename(from, to) } }
    operations.remove = { path in fault == .crash ? result { real.remove(path) } : real.remove(path) }
    operations.openFolder = { path in result { real.openFolder(path) } }
    return operations
  }

  @Test(arguments: Fault.allCases) func everyFailureLeavesTheOldStateOrTheNew(fault: Fault) throws {
    let folder = try Folder()
    let path = folder.path + "/step-1.safetensors"
    let machine = try Self.machine()
    let weights = Weights(of: machine)
    var position = TrainingPosition()
    Self.fill(machine, 1)
    let old = Self.values(machine)
    try Checkpoint.write(machine, position: position, memory: "old", best: (weights, weights.snapshot), to: path)
    Self.fill(machine, 2)
    let new = Self.values(machine)
    position.step = 7
    position.stepInEpoch = 3
    position.lossSum = 0.1 + 0.2
    position.lastLoss = 1e-30
    var outcomes: Set<String> = []
    for failing in 0... {
      let counter = Atomic(0)
      let operations = Self.operations(fault, at: failing) { counter.wrappingAdd(1, ordering: .relaxed).oldValue }
      var failed = false
      do throws(DataError) {
        try Checkpoint.write(machine, position: position, memory: "new", best: nil, to: path, operations: operations)
      } catch { failed = true }
      let found = try Checkpoint(path)
      let other = try Self.machine()
      let best = try found.restore(other, Weights(of: other))
      outcomes.insert(found.memory)
      #expect((found.memory == "new" ? new : old) == Self.values(other), "call \(failing)")
      #expect((best == nil) == (found.memory == "new"))
      if found.memory == "new" { #expect(found.position == position) }
      if !failed {
        #expect(found.memory == "new")
        // Every call has had its turn.
        if fault != .short || failing > 40 { break }
      } else {
        #expect(fault != .short)
      }
      Self.fill(machine, 1)
      try Checkpoint.write(
        machine, position: TrainingPosition(), memory: "old", best: (weights, weights.snapshot), to: path)
      Self.fill(machine, 2)
    }
    #expect(outcomes == (fault == .short ? ["new"] : ["old", "new"]))
  }

  @Test func refusesOtherFiles() throws {
    let folder = try Folder()
    let machine = try Self.machine()
    let weights = Weights(of: machine)
    try weights.save(to: folder.path + "/w")
    #expect(throws: DataError.self) { try Checkpoint(folder.path + "/w") }
    #expect(throws: DataError.self) { try Checkpoint(folder.path + "/none") }
    try SafetensorsWriter.write(
      [],
      metadata: ["checkpoint": "1", "memory": "", "step": "-1", "epoch": "0", "step_in_epoch": "0", "loss_sum": "0"],
      to: folder.path + "/c")
    #expect(throws: DataError.self) { try Checkpoint(folder.path + "/c") }
  }
}
