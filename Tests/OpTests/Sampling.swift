import Graphs
import Ops
import Testing

/// Numbers that are the same in each run (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In 0 ..< 1, with 24 bits, so that it is a float32 as well.
  mutating func unit() -> Double { Double(next() >> 40) / 16_777_216 }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { Double(Float(low + (high - low) * unit())) }
}

extension Sample {
  /// Operands that are exact in float32.
  func makeOperands(seed: UInt64 = 7) -> [HostTensor] {
    var numbers = Numbers(seed: seed)
    var tensors: [HostTensor] = []
    for (type, content) in operands {
      var tensor = HostTensor(shape: type.shape)
      for index in tensor.values.indices {
        switch content {
        case .uniform(let low, let high): tensor.values[index] = numbers.uniform(low, high)
        case .integers(let count): tensor.values[index] = Double(numbers.next() % UInt64(count))
        case .integersFrom(let low, let high):
          tensor.values[index] = Double(low + Int(numbers.next() % UInt64(high - low)))
        case .flags: tensor.values[index] = Double(numbers.next() % 2)
        case .result: break
        }
      }
      if case .result(let op, let others) = content {
        tensor = op.reference(others.map { tensors[$0] }).map { Double(Float($0)) }
      }
      tensors.append(tensor)
    }
    return tensors
  }

  var types: [TensorType] { operands.map(\.type) }
}

/// One sample of one op, as a test's argument.
struct SampleCase: CustomTestStringConvertible, Sendable {
  var sample: Sample
  var testDescription: String {
    let attributes = sample.op.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    return "\(sample.op.name) \(attributes) of \(sample.types.map(\.description).joined(separator: ", "))"
  }

  static let all: [SampleCase] = opCatalogue.flatMap { $0.samples.map(SampleCase.init) }
}
