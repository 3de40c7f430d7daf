import Graphs
import Testing
import Training

@Suite struct InitialValuesTests {
  private func draw(_ initializer: Initializer, name: String = "fc.weight", seed: UInt64 = 1, count: Int) -> [Float] {
    InitialValues(seed: seed).draw(Variable(name: name, role: .parameter, initializer: initializer), count: count)
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
}
