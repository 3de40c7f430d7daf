import Graphs
import KernelContract
import Kernels
import Ops

/// Memory of one tensor: not-a-number wherever no element lies, and beyond both ends.
final class TensorMemory {
  static let guardFloats = 64
  let count: Int
  private let base: UnsafeMutablePointer<Float>
  var address: UnsafeMutableRawPointer { UnsafeMutableRawPointer(base + Self.guardFloats) }
  private var floats: UnsafeMutablePointer<Float> { base + Self.guardFloats }

  init(count: Int) {
    self.count = count
    let all = count + 2 * Self.guardFloats
    base = UnsafeMutableRawPointer.allocate(byteCount: all * 4, alignment: 64).bindMemory(
      to: Float.self, capacity: all)
    base.initialize(repeating: .nan, count: all)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Whether the memory beyond both ends is as it was.
  var isIntact: Bool {
    (0..<Self.guardFloats).allSatisfy { base[$0].isNaN && base[Self.guardFloats + count + $0].isNaN }
  }

  /// Writes the tensor's elements to their places.
  func write(_ tensor: HostTensor, _ type: TensorType, _ layout: Layout) {
    forEachPlace(type, layout) { logical, physical in
      if type.element == .int32 {
        floats[physical] = Float(bitPattern: UInt32(bitPattern: Int32(tensor.values[logical])))
      } else {
        floats[physical] = Float(tensor.values[logical])
      }
    }
    forEachByte(type, layout) { logical, place in bytes[place] = UInt8(tensor.values[logical]) }
  }

  func read(_ type: TensorType, _ layout: Layout) -> [Float] {
    var values = [Float](repeating: 0, count: type.count)
    forEachPlace(type, layout) { logical, physical in
      values[logical] =
        type.element == .int32 ? Float(Int32(bitPattern: floats[physical].bitPattern)) : floats[physical]
    }
    forEachByte(type, layout) { logical, place in values[logical] = Float(bytes[place]) }
    return values
  }

  private var bytes: UnsafeMutablePointer<UInt8> { address.assumingMemoryBound(to: UInt8.self) }

  /// The elements of pictures, and those of a list's parts, that are bytes.
  private func forEachByte(_ type: TensorType, _ layout: Layout, _ body: (Int, Int) -> Void) {
    if case .pictures = layout { forEachPlace(type, .channelsLast(stride: type.shape[1]), body) }
    guard case .parts(let parts) = layout else { return }
    var (logical, physical) = (0, 0)
    for part in parts {
      if case .byteImage(let stride) = part.layout {
        forEachPlace(part.type, .channelsLast(stride: stride)) { body(logical + $0, 4 * physical + $1) }
      }
      (logical, physical) = (logical + part.type.count, physical + part.size)
    }
  }

  private func forEachPlace(_ type: TensorType, _ layout: Layout, _ body: (Int, Int) -> Void) {
    for nest in layout.nests(type) {
      func walk(_ depth: Int, _ logical: Int, _ physical: Int) {
        if depth == nest.loops.count { return body(logical, physical) }
        let loop = nest.loops[depth]
        for step in 0..<loop.extent {
          walk(depth + 1, logical + step * loop.logical, physical + step * loop.physical)
        }
      }
      walk(0, nest.logicalStart, nest.physicalStart)
    }
  }
}

/// One op run by its kernels, each call's items cut into `parts` ranges that run from the last to the first.
struct KernelRun {
  let op: any Executable
  let types: [TensorType]
  let resultType: TensorType
  let decision: LayoutDecision
  let lowering: Lowering

  init(_ sample: Sample, placed: [Layout?], isFixed: Bool = false) throws {
    guard let op = sample.op as? any Executable else { throw NotExecutable(name: sample.op.name) }
    self.op = op
    types = sample.types
    resultType = try op.resultType(types)
    let operands = zip(types, placed).map { PlacedType(type: $0, layout: $1) }
    var decision = op.layouts(operands, result: resultType)
    if op.returnsMutated { decision.result = decision.operands[op.mutatedOperands[0]] }
    self.decision = decision
    lowering = try op.lower(
      LoweringSite(
        operands: zip(types, decision.operands).map { .init(type: $0, layout: $1) },
        result: .init(type: resultType, layout: decision.result),
        fixedOperands: isFixed ? Set(types.indices) : []))
  }

  struct NotExecutable: Error { var name: String }

  struct Outcome {
    /// In logical order.
    var result: [Float]
    /// The mutated operands afterwards.
    var mutated: [[Float]]
    var isIntact: Bool
  }

  func run(_ tensors: [HostTensor], _ set: InstructionSet, parts: Int, overwriting: Int? = nil) -> Outcome {
    let operands = zip(types, decision.operands).map { TensorMemory(count: $1.size($0)) }
    for (index, memory) in operands.enumerated() {
      memory.write(tensors[index], types[index], decision.operands[index])
    }
    var result = TensorMemory(count: decision.result.size(resultType))
    let returned = op.returnsMutated ? op.mutatedOperands.first : nil
    if let shared = returned ?? lowering.alias ?? overwriting { result = operands[shared] }
    let workspace = TensorMemory(count: (lowering.workspaceBytes + 3) / 4)
    let prepared = TensorMemory(count: (lowering.preparedBytes + 3) / 4)
    for call in lowering.preparation + lowering.calls {
      let addresses = call.operands.map { operand in
        switch operand {
        case .operand(let number): operands[number].address
        case .result: result.address
        case .operandPart(let number, let offset): operands[number].address + offset
        case .resultPart(let offset): result.address + offset
        case .workspace(let offset): workspace.address + offset
        case .prepared(let offset): prepared.address + offset
        }
      }
      run(call.parameters, addresses, set, parts)
    }
    return Outcome(
      result: result.read(resultType, decision.result),
      mutated: op.mutatedOperands.map { operands[$0].read(types[$0], decision.operands[$0]) },
      isIntact: (operands + [result, workspace, prepared]).allSatisfy(\.isIntact))
  }

  private func run<P: KernelParameters>(
    _ parameters: P, _ addresses: [UnsafeMutableRawPointer], _ set: InstructionSet, _ parts: Int
  ) {
    let kernel = parameters.kernel(in: set.kernelTable)
    let items = parameters.items
    withUnsafePointer(to: parameters) { parameters in
      addresses.withUnsafeBufferPointer { addresses in
        for part in (0..<parts).reversed() {
          let scratch = TensorMemory(count: (parameters.pointee.scratchBytes + 3) / 4)
          let context = KernelContext(
            operands: addresses.baseAddress!, parameters: parameters, scratch: scratch.address)
          let (first, end) = (items * part / parts, items * (part + 1) / parts)
          if first < end { kernel(context, first, end) }
        }
      }
    }
  }
}
