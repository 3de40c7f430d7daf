import Driver
import Execution
import Foundation
import Graphs
import Kernels
import Source
import Testing

@testable import Training

@Suite struct InitialValuesTests {
  private func draw(_ initializer: Initializer, name: String = "fc.weight", seed: UInt64 = 1, count: Int) -> [Float] {
    InitialValues(seed: seed).draw(Variable(name: name, role: .parameter, initializer: initializer), shape: [count])
  }

  /// The first numbers of `splitmix64.c` for the seed 1234567, as its author publishes them.
  @Test func positionsAreThoseOfSplitMix64() {
    let generator = CounterGenerator(key: 1_234_567)
    #expect(
      (0..<3).map { generator.bits($0) } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test func constantsAreConstant() {
    #expect(draw(.constant(0.1), count: 5) == [0.1, 0.1, 0.1, 0.1, 0.1])
    #expect(draw(.constant(1), count: 0) == [])
  }

  @Test func uniformNumbersFillTheirRangeEvenly() {
    let values = draw(.uniform(bound: 0.5), count: 100_000)
    #expect(values.allSatisfy { -0.5 <= $0 && $0 <= 0.5 })
    // Ten bins of 10,000 expected; five standard deviations are 474.
    var bins = [Int](repeating: 0, count: 10)
    for value in values { bins[min(9, Int((value + 0.5) * 10))] += 1 }
    #expect(bins.allSatisfy { abs($0 - 10_000) < 474 })
  }

  @Test func normalNumbersHaveTheMomentsOfANormalDistribution() {
    let deviation = 0.02
    let values = draw(.normal(standardDeviation: deviation), count: 200_000).map { Double($0) / deviation }
    let count = Double(values.count)
    let moments = (1...4).map { power in
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / count
    }
    // 0, 1, 0, 3, within five standard errors: sqrt of 1, 2, 15, 96 over the count.
    for (moment, (expected, variance)) in zip(moments, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(moment - expected) < 5 * (variance / count).squareRoot())
    }
    // Neighbours, which share a radius, are uncorrelated.
    let product = stride(from: 0, to: values.count, by: 2).reduce(0) { $0 + values[$1] * values[$1 + 1] } / (count / 2)
    #expect(abs(product) < 5 / (count / 2).squareRoot())
  }

  @Test(arguments: [Initializer.uniform(bound: 1), .normal(standardDeviation: 1)])
  func aNumberDependsOnSeedNameAndPositionAlone(initializer: Initializer) {
    let values = draw(initializer, count: 101)
    #expect(draw(initializer, count: 8) == Array(values.prefix(8)))
    #expect(draw(initializer, seed: 2, count: 101) != values)
    #expect(draw(initializer, name: "fc.bias", count: 101) != values)
  }

  /// Box and Muller's formula by the mathematical library, at every quarter of the turn and where the radius is nothing or large.
  @Test func normalNumbersAreThoseOfTheFormula() {
    let generator = CounterGenerator(seed: 3, name: "fc.weight")
    for position in stride(from: UInt64(0), to: 200_000, by: 2) {
      let radius = (-2 * log(1 - generator.unit(position))).squareRoot()
      let angle = 2 * Double.pi * generator.unit(position + 1)
      // An ulp of the logarithm and of each function, and half an ulp of the angle, which the formula rounds.
      #expect(abs(generator.normal(position) - radius * cos(angle)) <= 1e-15 * radius)
      #expect(abs(generator.normal(position + 1) - radius * sin(angle)) <= 1e-15 * radius)
    }
  }

  /// Wherever a run of normal numbers begins and ends, and whether they are cut off.
  @Test func runsOfNormalNumbersAreTheNumbersThemselves() {
    let generator = CounterGenerator(seed: 3, name: "fc.weight")
    func run(_ numbers: InitialNumbers, _ first: UInt64, _ count: Int) -> [Float] {
      [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        numbers.write(from: Int(first), to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      }
    }
    for first in 0..<4 as Range<UInt64> {
      for count in 0..<20 {
        let positions = (0..<UInt64(count)).map { first + $0 }
        #expect(
          run(.normal(generator, deviation: 0.5), first, count) == positions.map { Float(0.5 * generator.normal($0)) })
        for bound in [0.5, 1, 2] {
          #expect(
            run(.truncatedNormal(generator, deviation: 0.5, bound: bound), first, count)
              == positions.map { Float(0.5 * generator.truncated($0, bound: bound)) })
        }
      }
    }
  }

  /// However a layer keeps its weights, each has the number of its own place.
  @Test func weightsInMemoryAreThoseThatAreDrawn() throws {
    let text = """
      net N {
        input x: f32[3, 9, 9]
        output y: f32[5] = x
          -> repeat 2 { conv(20, 3, pad=1, init=kaiming_normal) } -> conv(33, 2, groups=1, init=kaiming_normal)
          -> flatten -> linear(5, init=kaiming_normal)
      }
      train N {
        target t: index(5)
        data = tensors("none.safetensors")
        loss = cross_entropy(y, t)
        optimizer = sgd(lr=0.1)
        epochs = 1
      }
      """
    let compilation = Compilation(SourceFile(path: "n.net", text: text))
    let model = try #require(compilation.models.first, "\(compilation.diagnostics)")
    var plans = PlanSet(model)
    let step = try plans.add(.training, batch: 4)
    let machine = try Machine(plans: plans.plans, threads: 3, table: try InstructionSet.selected().kernelTable)
    Weights.initialize(machine, plan: step, variables: plans.variables, seed: 7)
    var normals = 0
    for tensor in machine.plans[step].variables {
      let variable = try #require(plans.variables[tensor.name])
      let drawn = InitialValues(seed: 7).draw(variable, shape: tensor.shape)
      #expect(machine.read(tensor).elementsEqual(drawn), "\(tensor.name)")
      if case .normal = variable.initializer { normals += 1 }
    }
    #expect(normals == 4)
  }

  /// Moments of a normal distribution cut off at twice its deviation: the variance is 0.7737413, the fourth moment 1.4158.
  @Test func truncatedNormalNumbersHaveNoTails() {
    let values = draw(.truncatedNormal(standardDeviation: 0.5, bound: 1), count: 200_000).map { Double($0) / 0.5 }
    #expect(values.allSatisfy { abs($0) <= 2 })
    let count = Double(values.count)
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    #expect(abs(values.reduce(0, +) / count) < 5 * (0.774 / count).squareRoot())
    #expect(abs(variance - 0.7737413) < 5 * ((1.4158 - 0.5987) / count).squareRoot())
    #expect(abs(fourth - 1.4158) < 0.03)
    // Narrow ones are nearly uniform: the variance is a third of the square of the bound.
    let narrow = draw(.truncatedNormal(standardDeviation: 10, bound: 0.1), count: 100_000).map(Double.init)
    #expect(narrow.allSatisfy { abs($0) <= 0.1 })
    #expect(abs(narrow.reduce(0) { $0 + $1 * $1 } / 100_000 - 0.01 / 3) < 5e-5)
  }

  @Test(arguments: [[7, 7], [5, 12], [12, 5], [6, 2, 3, 3], [40, 2, 3, 3], [1, 1]])
  func orthogonalMatricesAreOrthogonal(shape: [Int]) {
    let variable = Variable(name: "w", role: .parameter, initializer: .orthogonal(gain: 2))
    let values = InitialValues(seed: 3).draw(variable, shape: shape).map(Double.init)
    let (rows, columns) = (shape[0], values.count / shape[0])
    let count = min(rows, columns)
    for a in 0..<count {
      for b in 0..<count {
        var product = 0.0
        for k in 0..<max(rows, columns) {
          product +=
            rows <= columns
            ? values[a * columns + k] * values[b * columns + k] : values[k * columns + a] * values[k * columns + b]
        }
        #expect(abs(product - (a == b ? 4 : 0)) < 1e-5)
      }
    }
  }

  /// `torch.nn.init.dirac_` and `eye_`.
  @Test func identitiesPassTheirInputOn() {
    func draw(_ shape: [Int]) -> [Float] {
      InitialValues(seed: 1).draw(Variable(name: "w", role: .parameter, initializer: .identity(gain: 3)), shape: shape)
    }
    #expect(draw([2, 3]) == [3, 0, 0, 0, 3, 0])
    #expect(draw([2, 1, 3]) == [0, 3, 0, 0, 0, 0])
    #expect(draw([1, 2, 3, 2]) == [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0])
  }
}
