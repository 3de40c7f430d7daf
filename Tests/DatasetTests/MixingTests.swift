import Testing

@testable import Datasets

/// `mixup`: which examples are mixed, by how much, and what comes of them.
@Suite struct MixingTests {
  /// Mean 1/2 and variance 1 / (4 (2 alpha + 1)), as the beta distribution with both parameters alpha has them.
  @Test(arguments: [0.1, 0.4, 1, 3.5]) func sharesHaveTheBetaDistribution(alpha: Double) {
    var generator = SplitMix64(seed: 5)
    let count = 20_000
    let shares = (0..<count).map { _ in generator.nextBeta(alpha) }
    #expect(shares.allSatisfy { (0...1).contains($0) })
    let mean = shares.reduce(0, +) / Double(count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let expected = 1 / (4 * (2 * alpha + 1))
    // Five standard errors of the mean; of the variance at most as many, for values within 0 and 1.
    #expect(abs(mean - 0.5) < 5 * (expected / Double(count)).squareRoot(), "\(mean)")
    #expect(abs(variance - expected) < 5 * 0.5 / Double(count).squareRoot() / 4, "\(variance)")
    #expect(SplitMix64(seed: 1).beta(1e-6).isFinite)
  }

  @Test func batchesAreMixedInPairs() throws {
    let folder = TemporaryFolder()
    let numbers = (0..<60).map { Float($0 * $0) }
    try SafetensorsWriter.write(
      [.init("x", shape: [20, 3], .floats(numbers)), .init("y", shape: [20], .integers((0..<20).map { $0 % 4 }))],
      to: folder.path + "/d.safetensors")
    var opening = DataOpening(
      training: DataDescription(.tensors(path: "d.safetensors", shuffle: true), transforms: [.mixup(alpha: 0.5)]),
      declarations: [.init("x", .float32, shape: [3], role: .input), .init("y", .index(count: 4), role: .target)],
      folder: folder.path, seed: 0)
    let data = try opening.open().training
    func sequence(_ mixup: Double?) throws -> BatchSequence {
      try BatchSequence(data, batch: 6, shuffle: true, keepLast: false, seed: 9, mixup: mixup)
    }
    var (mixed, plain) = (try sequence(0.5), try sequence(nil))
    var shares: Set<Float> = []
    for epoch in 0..<3 {
      mixed.startEpoch(epoch)
      plain.startEpoch(epoch)
      for batch in 0..<3 {
        let mixing = try #require(mixed.mixing(ofBatch: batch))
        #expect(mixing.partners.sorted() == Array(0..<6))
        shares.insert(mixing.share)
        let rows = plain.rows(ofBatch: batch).map { Int($0) }
        var found = [Float](repeating: 0, count: 18)
        found.withUnsafeMutableBufferPointer { mixed.fill($0, tensor: 0, batch: batch) }
        for example in 0..<6 {
          for place in 0..<3 {
            let own = Double(numbers[3 * rows[example] + place])
            let other = Double(numbers[3 * rows[Int(mixing.partners[example])] + place])
            let expected = Double(mixing.share) * own + (1 - Double(mixing.share)) * other
            #expect(abs(Double(found[3 * example + place]) - expected) <= 1e-3)
          }
        }
        var (targets, partners) = ([Int32](repeating: 0, count: 6), [Int32](repeating: 0, count: 6))
        targets.withUnsafeMutableBufferPointer { mixed.fill($0, tensor: 1, batch: batch) }
        partners.withUnsafeMutableBufferPointer { mixed.fillPartners($0, tensor: 1, batch: batch) }
        #expect(targets == rows.map { Int32($0 % 4) })
        #expect(partners == mixing.partners.map { targets[Int($0)] })
      }
    }
    #expect(shares.count == 9)
    // The third batch of the third epoch is the same whatever came before.
    var again = try sequence(0.5)
    again.startEpoch(2)
    #expect(again.mixing(ofBatch: 2) == mixed.mixing(ofBatch: 2))
    #expect(plain.mixing(ofBatch: 0) == nil)
    opening.declarations[0] = .init("x", .index(count: 1 << 20), shape: [3], role: .input)
    try expectError(.description, "mixup mixes numbers", "x is index(1048576)[3]") { try opening.open() }
    opening.validation = opening.training
    try expectError(.description, "mixup is for training") { try opening.open() }
  }
}

extension SplitMix64 {
  fileprivate func beta(_ alpha: Double) -> Double {
    var copy = self
    return copy.nextBeta(alpha)
  }
}
