import Datasets

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a piece is chosen from its logits.
package struct PieceChoice {
  private let temperature: Double
  private var generator: SplitMix64

  package init(temperature: Double, seed: UInt64) {
    self.temperature = temperature
    generator = SplitMix64(seed: seed)
  }

  /// The greatest logit, of equals the first, or one drawn by softmax of the logits over the temperature.
  package mutating func callAsFunction(_ logits: [Float]) -> Int {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    guard temperature > 0 else { return best }
    let weights = softmax(logits.map { Double($0) / temperature })
    var rest = generator.nextUniform()
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return best
  }

  /// A sequence that continues `prompt` by at most `limit` pieces, one choice after the other; a piece of `ends` closes it and is left
  /// out.
  package mutating func sequence(
    after prompt: [Int32], limit: Int, ends: Set<Int32>, _ scorer: inout any SequenceScorer
  ) -> [Int32] {
    var sequence = prompt
    for _ in 0..<limit {
      guard let logits = scorer.logits(of: [sequence], origins: [0]).first, !logits.isEmpty else { break }
      let piece = Int32(self(logits))
      if ends.contains(piece) { break }
      sequence.append(piece)
    }
    return sequence
  }
}

/// e to the power of each number, divided by their sum.
package func softmax(_ numbers: [Double]) -> [Double] {
  let greatest = numbers.max() ?? 0
  let powers = numbers.map { exp($0 - greatest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
