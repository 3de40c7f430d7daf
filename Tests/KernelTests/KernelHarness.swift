import KernelContract
import Kernels
import Testing

/// Numbers for a kernel, in memory aligned to 64 bytes with 64 readable bytes on either side.
final class Buffer {
  let count: Int
  private let base: UnsafeMutableRawPointer
  var floats: UnsafeMutablePointer<Float> { (base + 64).assumingMemoryBound(to: Float.self) }
  var address: UnsafeMutableRawPointer { base + 64 }

  init(_ count: Int, filledWith value: Float = .nan) {
    self.count = count
    base = .allocate(byteCount: count * 4 + 128, alignment: 64)
    let all = base.bindMemory(to: Float.self, capacity: count + 32)
    for i in 0..<count + 32 { all[i] = value }
  }

  convenience init(_ values: [Float]) {
    self.init(values.count)
    for i in values.indices { floats[i] = values[i] }
  }

  deinit { base.deallocate() }

  var values: [Float] { (0..<count).map { floats[$0] } }
  subscript(_ i: Int) -> Float { floats[i] }

  /// Numbers in -1 ..< 1 from a fixed sequence.
  static func random(_ count: Int, seed: UInt64) -> Buffer {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    let buffer = Buffer(count)
    for i in 0..<count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      buffer.floats[i] = Float(Int32(truncatingIfNeeded: state >> 20)) / Float(Int32.max)
    }
    return buffer
  }

  /// The rows of a matrix spread over a greater stride, with not-a-number between them.
  func spread(rows: Int, columns: Int, stride: Int) -> Buffer {
    let result = Buffer(rows * stride)
    for r in 0..<rows { for c in 0..<columns { result.floats[r * stride + c] = floats[r * columns + c] } }
    return result
  }
}

/// Runs the calls one after another, the items of each in `parts` ranges from the last to the first.
func run(
  _ sequence: KernelSequence, _ set: InstructionSet, operands: [Buffer], result: Buffer? = nil, parts: Int = 1
) {
  let workspace = Buffer(sequence.workspaceBytes / 4)
  let prepared = Buffer(sequence.preparedBytes / 4)
  for call in sequence.preparation + sequence.calls {
    var addresses = call.operands.map { operand in
      switch operand {
      case .operand(let i): operands[i].address
      case .result: result!.address
      case .operandPart(let i, let offset): operands[i].address + offset
      case .resultPart(let offset): result!.address + offset
      case .workspace(let offset): workspace.address + offset
      case .prepared(let offset): prepared.address + offset
      }
    }
    func open<P: KernelParameters>(_ parameters: P) {
      let kernel = parameters.kernel(in: set.kernelTable)
      let scratch = Buffer(parameters.scratchBytes / 4)
      let count = parameters.items
      withUnsafePointer(to: parameters) { p in
        addresses.withUnsafeMutableBufferPointer { addresses in
          let context = KernelContext(
            operands: UnsafePointer(addresses.baseAddress!), parameters: p, scratch: scratch.address)
          for part in (0..<parts).reversed() {
            kernel(context, count * part / parts, count * (part + 1) / parts)
          }
        }
      }
    }
    open(call.parameters)
  }
}

/// Runs one call over `parts` ranges of its items.
func run(_ parameters: any KernelParameters, _ set: InstructionSet, _ operands: [Buffer], parts: Int = 1) {
  let call = KernelCall(parameters, operands: operands.indices.map { .operand($0) })
  run(KernelSequence([call]), set, operands: operands, parts: parts)
}

/// A float64 sum with the sum of its terms' magnitudes, by which its error is judged.
struct Sum {
  var value = 0.0
  var magnitude = 0.0

  mutating func add(_ a: Float, _ b: Float = 1) {
    value += Double(a) * Double(b)
    magnitude += abs(Double(a) * Double(b))
  }

  /// Whether the float is the sum within `tolerance` of the terms' magnitude.
  func isNear(_ x: Float, tolerance: Double = 1e-5) -> Bool {
    abs(Double(x) - value) <= tolerance * max(magnitude, 1e-3)
  }
}

/// Every instruction set of vectors that this machine runs.
let instructionSets = InstructionSet.available.filter { $0.unit == .vectors }
/// Those with tiles.
let tileSets = InstructionSet.available.filter { $0.unit == .tiles }
