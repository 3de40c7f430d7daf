import Graphs
import Kernels
import Ops
import Testing

/// What the kernels of each op compute, against the float64 reference.
@Suite struct KernelTests {
  @Test(arguments: SampleCase.all.filter { $0.sample.op is any Executable }, InstructionSet.available)
  func matchesTheReference(_ sampleCase: SampleCase, _ set: InstructionSet) throws {
    let sample = sampleCase.sample
    let tensors = sample.makeOperands()
    let reference = sample.op.reference(tensors)
    let isContraction = ["conv2d", "linear"].contains { sample.op.name.hasPrefix($0) }
    let mutations = sample.op.mutations(tensors)
    for placed in placements(sample.types) {
      let run = try KernelRun(sample, placed: placed)
      let first = run.run(tensors, set, parts: 1)
      #expect(first.isIntact, "wrote beyond its memory, \(run.decision)")
      expectNear(first.result, reference, "the result, \(run.decision)", isContraction: isContraction)
      for (position, (found, expected)) in zip(first.mutated, mutations).enumerated() {
        expectNear(found, expected, "mutated operand \(position), \(run.decision)", isContraction: isContraction)
      }
      for parts in 2...4 {
        let other = run.run(tensors, set, parts: parts)
        #expect(bits(other.result) == bits(first.result), "\(parts) parts differ from one")
        #expect(other.mutated.map(bits) == first.mutated.map(bits), "\(parts) parts differ from one")
      }
      for operand in run.lowering.mayOverwrite {
        let other = run.run(tensors, set, parts: 2, overwriting: operand)
        #expect(bits(other.result) == bits(first.result), "written over operand \(operand)")
      }
    }
  }

  @Test("what is made of fixed operands once takes the place of making it anew", arguments: InstructionSet.available)
  func preparation(_ set: InstructionSet) throws {
    var prepared: Set<String> = []
    for sampleCase in SampleCase.all where sampleCase.sample.op is any Executable {
      let sample = sampleCase.sample
      let run = try KernelRun(sample, placed: sample.types.map { .computed($0) }, isFixed: true)
      if run.lowering.preparation.isEmpty { continue }
      prepared.insert(sample.op.name)
      let tensors = sample.makeOperands()
      let outcome = run.run(tensors, set, parts: 2)
      #expect(outcome.isIntact)
      expectNear(outcome.result, sample.op.reference(tensors), sample.op.name, isContraction: true)
    }
    #expect(prepared == ["conv2d", "conv2d_max_pool"])
  }

  @Test("an image of bytes is read as the numbers that they stand for", arguments: InstructionSet.available)
  func readsBytes(_ set: InstructionSet) throws {
    var names: Set<String> = []
    for sampleCase in SampleCase.all {
      let sample = sampleCase.sample
      guard let op = sample.op as? any Executable, let x = sample.types.first, x.rank == 4 else { continue }
      let pairs = [
        ByteValues(scale: 1 / 255),
        ByteValues(
          scale: (0..<x.shape[1]).map { 1 / Float(50 + 9 * $0) }, shift: (0..<x.shape[1]).map { -2 + 0.3 * Float($0) }),
      ]
      for values in pairs where op.acceptsBytes(.pictures(values), at: 0, sample.types) {
        names.insert(op.name)
        var tensors = sample.makeOperands()
        var exact = tensors
        let plane = x.shape[2] * x.shape[3]
        for index in tensors[0].values.indices {
          let byte = (index * 77 + index / 7) % 256
          let channel = values.scale.count == 1 ? 0 : index / plane % x.shape[1]
          tensors[0].values[index] = Double(byte)
          exact[0].values[index] = Double(byte) * Double(values.scale[channel]) + Double(values.shift[channel])
        }
        let placed = sample.types.enumerated().map { $0 == 0 ? .pictures(values) : Layout.computed($1) }
        let run = try KernelRun(sample, placed: placed)
        #expect(run.decision.operands[0] == .pictures(values))
        let first = run.run(tensors, set, parts: 1)
        #expect(first.isIntact, "wrote beyond its memory, \(run.decision)")
        expectNear(first.result, op.reference(exact), "the result, \(op)", isContraction: true)
        for (found, expected) in zip(first.mutated, op.mutations(exact)) {
          expectNear(found, expected, "a mutated operand, \(op)", isContraction: true)
        }
        let other = run.run(tensors, set, parts: 3)
        #expect(bits(other.result) == bits(first.result), "3 parts differ from one")
        #expect(other.mutated.map(bits) == first.mutated.map(bits), "3 parts differ from one")
      }
    }
    #expect(
      names == [
        "conv2d", "conv2d_statistics", "conv2d_weight_gradient", "conv2d_max_pool", "conv2d_max_pool_weight_gradient",
      ])
  }

  /// Where the operands may lie before the op is asked.
  func placements(_ types: [TensorType]) -> [[Layout?]] {
    var all: [[Layout?]] = [types.map { .computed($0) }, types.map { .given($0) }]
    // Data in their place, weights in none.
    all.append(types.enumerated().map { $0 == 0 ? .given($1) : nil })
    // A flattened image: the channels are the smallest divisor.
    if types.contains(where: { $0.rank == 2 }) {
      all.append(
        types.map { type in
          guard type.rank == 2, let channels = (2..<max(3, type.shape[1])).first(where: { type.shape[1] % $0 == 0 })
          else { return .computed(type) }
          return .flattenedChannelsLast(channels: channels, height: type.shape[1] / channels, width: 1)
        })
    }
    var different: [[Layout?]] = []
    for placement in all where !different.contains(placement) { different.append(placement) }
    return different
  }

  func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  /// Within 1e-5 of the reference, relative to the element, or to the tensor where that is small. Sums of many products
  /// that cancel each other are as exact as the greatest of their tensor.
  func expectNear(_ found: [Float], _ expected: HostTensor, _ what: String, isContraction: Bool) {
    #expect(found.count == expected.count)
    let greatest = expected.values.map(abs).max() ?? 0
    let magnitude = isContraction ? greatest : min(1, greatest)
    let wrong = found.indices.first {
      !(abs(Double(found[$0]) - expected.values[$0]) <= 1e-5 * max(magnitude, abs(expected.values[$0])))
    }
    if let wrong {
      Issue.record("element \(wrong) of \(what): \(found[wrong]), not \(expected.values[wrong])")
    }
  }
}
