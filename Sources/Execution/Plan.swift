import KernelContract

/// A program for the machine: kernel calls in order, on operands at fixed places. It knows sizes and addresses, nothing
/// of networks.
package struct Plan: Sendable {
  package var steps: [PlanStep] = []
  /// What runs once, before the first run after parameters were written: it makes of parameters what the steps read in their place.
  package var preparation: [PlanStep] = []
  /// The part of `persistentBytes` that it writes.
  package var preparedBytes = 0
  /// What is written before each run.
  package var feeds: [PlanTensor] = []
  /// What lives as long as the machine. Plans that run on one machine agree on these.
  package var variables: [PlanTensor] = []
  /// What is read after a run.
  package var outputs: [PlanTensor] = []
  /// Memory that must hold a constant before the first run.
  package var constants: [PlanConstant] = []
  package var persistentBytes = 0
  package var transientBytes = 0
  /// Scratch memory of each worker.
  package var scratchBytes = 0
  /// What people should know of the whole plan, a line each.
  package var remarks: [String] = []

  package init() {}

  /// The part of `persistentBytes` that holds this plan's inputs and targets.
  package var keptExampleBytes: Int {
    feeds.reduce(0) { $0 + ($1.location.region == .persistent ? 4 * $1.size : 0) }
  }

  /// Floating-point operations of one run.
  package var flops: Double { steps.reduce(0) { $0 + $1.parameters.flops } }
}

/// One kernel call of a plan.
package struct PlanStep: Sendable {
  package var parameters: any KernelParameters
  package var operands: [Location]
  /// The path of labels and the line in the user's file that the step works for, and in which phase.
  package var path: String
  package var line: Int
  package var phase: String
  /// The op, and the variant chosen for it and why.
  package var op: String
  /// What the step writes, for people.
  package var writes: String
  package var note: String
  /// What the step takes at least, for figures.
  package var cost = KernelCost()

  package init(
    parameters: any KernelParameters, operands: [Location], path: String, line: Int, phase: String, op: String,
    writes: String, note: String
  ) {
    self.parameters = parameters
    self.operands = operands
    self.path = path
    self.line = line
    self.phase = phase
    self.op = op
    self.writes = writes
    self.note = note
  }
}

/// A place in the machine's memory, in bytes from the start of its region, aligned to 64.
package struct Location: Hashable, Sendable {
  package enum Region: Hashable, Sendable {
    /// Keeps its contents between runs.
    case persistent
    /// Valid within one run.
    case transient
  }
  package var region: Region
  package var offset: Int
  package init(_ region: Region, _ offset: Int) {
    self.region = region
    self.offset = offset
  }

  /// The place so many bytes behind this one.
  package func moved(by bytes: Int) -> Location { Location(region, offset + bytes) }
}

/// A tensor that the world outside the plan reads or writes: always in logical row-major order there.
package struct PlanTensor: Sendable, Hashable {
  package enum Storage: Hashable, Sendable {
    case float32, int32
    /// `BytePanels` with a row for each example, of which an image may have its channels last; see `Machine.writeBytes`.
    case bytePanels(channelsLast: Bool)
    /// The bytes of one image behind those of another, with their channels last.
    case pictures
  }
  package var name: String
  /// The role as the graph names it: `input`, `parameter`, …
  package var role: String
  package var storage: Storage
  /// Logical extents; the batch is axis 0 of inputs and targets.
  package var shape: [Int]
  package var location: Location
  /// Floats or integers in memory, padding included.
  package var size: Int
  /// How logical order maps to memory.
  package var nests: [TransferNest]

  package init(
    name: String, role: String, storage: Storage, shape: [Int], location: Location, size: Int, nests: [TransferNest]
  ) {
    self.name = name
    self.role = role
    self.storage = storage
    self.shape = shape
    self.location = location
    self.size = size
    self.nests = nests
  }

  /// The number of logical elements.
  package var count: Int { shape.reduce(1, *) }
}

/// Nested loops over one part of a tensor, outermost first; each step advances both sides by so many elements.
package struct TransferNest: Sendable, Hashable {
  package struct Loop: Sendable, Hashable {
    package var extent: Int
    package var logical: Int
    package var physical: Int
    package init(extent: Int, logical: Int, physical: Int) {
      self.extent = extent
      self.logical = logical
      self.physical = physical
    }
  }
  package var logicalStart: Int
  package var physicalStart: Int
  package var loops: [Loop]
  package init(logicalStart: Int, physicalStart: Int, loops: [Loop]) {
    self.logicalStart = logicalStart
    self.physicalStart = physicalStart
    self.loops = loops
  }
}

/// `count` floats at `location` that are all `value`.
package struct PlanConstant: Sendable, Hashable {
  package var location: Location
  package var count: Int
  package var value: Float
  package init(location: Location, count: Int, value: Float) {
    self.location = location
    self.count = count
    self.value = value
  }
}
