import Testing

@testable import Datasets

@Suite struct BatchSequenceTests {
  static let declarations = [
    TensorDeclaration("x", .float32, shape: [3], role: .input),
    TensorDeclaration("y", .index(count: 10), role: .target),
    TensorDeclaration("b", .bool, role: .target),
  ]

  private func order(_ sequence: BatchSequence) -> [Int32] {
    (0..<sequence.batchesPerEpoch).flatMap { sequence.rows(ofBatch: $0) }
  }

  /// The first numbers that Vigna's `splitmix64.c` gives for the seed 1234567.
  @Test func generatorGivesThePublishedNumbers() {
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    for number in expected { #expect(generator.next() == number) }
  }

  @Test func everyOrderIsAsLikelyAsTheOthers() {
    var counts: [[Int32]: Int] = [:]
    var generator = SplitMix64(seed: 3)
    for _ in 0..<24_000 {
      var order: [Int32] = [0, 1, 2, 3]
      generator.shuffle(&order)
      counts[order, default: 0] += 1
    }
    // Chi squared with 23 degrees of freedom: above 49.7 once in a thousand.
    #expect(counts.count == 24)
    let squares = counts.values.map { (count: Int) -> Double in Double((count - 1_000) * (count - 1_000)) / 1_000 }
    #expect(squares.reduce(0, +) < 49.7)
  }

  @Test func epochsArePermutationsOfTheirOwn() throws {
    let data = try Dataset.random(Self.declarations, seed: 1, count: 103)
    var sequence = try BatchSequence(data, batch: 10, shuffle: true, keepLast: true, seed: 5)
    #expect(sequence.batchesPerEpoch == 11)
    #expect(sequence.exampleCount(ofBatch: 9) == 10)
    #expect(sequence.exampleCount(ofBatch: 10) == 3)
    let first = order(sequence)
    #expect(first.sorted() == Array(0..<103))
    #expect(first != Array(0..<103))
    sequence.startEpoch(1)
    let second = order(sequence)
    #expect(second.sorted() == Array(0..<103))
    #expect(second != first)
    sequence.startEpoch(0)
    #expect(order(sequence) == first)
    #expect(order(try BatchSequence(data, batch: 7, shuffle: true, keepLast: true, seed: 5)) == first)
    #expect(order(try BatchSequence(data, batch: 7, shuffle: true, keepLast: true, seed: 6)) != first)
  }

  @Test func dropsOrKeepsTheLastBatch() throws {
    let data = try Dataset.random(Self.declarations, seed: 1, count: 23)
    let sequence = try BatchSequence(data, batch: 10, shuffle: false, keepLast: false, seed: 5)
    #expect(order(sequence) == Array(0..<20))
    #expect(try BatchSequence(data, batch: 30, shuffle: false, keepLast: true, seed: 5).exampleCount(ofBatch: 0) == 23)
    try expectError(.description, "batch is 24", "only 23 examples", "batch = all") {
      try BatchSequence(data, batch: 24, shuffle: true, keepLast: false, seed: 5)
    }
    for batch in [0, -1] {
      try expectError(.description, "expected at least 1") {
        try BatchSequence(data, batch: batch, shuffle: true, keepLast: true, seed: 5)
      }
    }
  }

  @Test func fillsInTheOrderOfTheBatch() throws {
    let data = try Dataset.random(Self.declarations, seed: 1, count: 23)
    let sequence = try BatchSequence(data, batch: 4, shuffle: true, keepLast: true, seed: 5)
    guard case .floats(let x) = data.tensors[0].storage, case .indices(let y) = data.tensors[1].storage else {
      Issue.record("random examples are numbers")
      return
    }
    for batch in 0..<sequence.batchesPerEpoch {
      let rows = sequence.rows(ofBatch: batch).map { Int($0) }
      var inputs = [Float](repeating: .nan, count: 12)
      var labels = [Int32](repeating: -7, count: 4)
      inputs.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: 0, batch: batch) }
      labels.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: 1, batch: batch) }
      #expect(Array(inputs.prefix(3 * rows.count)) == rows.flatMap { x[(3 * $0)..<(3 * $0 + 3)] })
      #expect(Array(labels) == rows.map { y[$0] } + Array(repeating: -7, count: 4 - rows.count))
    }
  }

  @Test func randomExamplesHaveTheDeclaredTypes() throws {
    let data = try Dataset.random(Self.declarations, seed: 1, count: 20_001)
    let x = try data.numbers("x").map { Double($0) }
    let mean = x.reduce(0, +) / Double(x.count)
    // Five standard errors of the mean and of the variance of 60,003 standard normal numbers.
    #expect(abs(mean) < 5 / 245)
    let variance = x.map { $0 * $0 }.reduce(0, +) / Double(x.count)
    #expect(abs(variance - 1) < 5 * 1.42 / 245)
    let y = try data.numbers("y")
    #expect(Set(y) == Set((0..<10).map { Float($0) }))
    #expect(Set(try data.numbers("b")) == [0, 1])
    #expect(try Dataset.random(Self.declarations, seed: 1, count: 20_001).numbers("x").map { Double($0) } == x)
    #expect(try Dataset.random(Self.declarations, seed: 2, count: 20_001).numbers("y") != y)
    try expectError(.description, "too large") {
      try Dataset.random([.init("x", .float32, shape: [Int.max], role: .input)], seed: 1, count: 2)
    }
    try expectError(.description, "cannot make 0") { try Dataset.random(Self.declarations, seed: 1, count: 0) }
    try expectError(.description, "has no values") {
      try Dataset.random([.init("y", .index(count: 0), role: .target)], seed: 1, count: 2)
    }
  }
}
