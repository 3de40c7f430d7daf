#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Looks for the likeliest sequence by following the best few at once.
///
/// A closed sequence counts as the sum of its pieces' logarithms of probability over its length to the power of `lengthPenalty`, the
/// closing piece included. The search ends when `width` sequences are closed and no open one is better than the worst of them, at the
/// length that it has, as in Hugging Face's `generate`.
package struct BeamSearch: Sendable {
  package let width: Int
  /// The pieces that close a sequence.
  package let ends: Set<Int32>
  package let lengthPenalty: Double

  package init(width: Int, ends: Set<Int32>, lengthPenalty: Double = 1) {
    self.width = width
    self.ends = ends
    self.lengthPenalty = lengthPenalty
  }

  /// An open sequence.
  private struct Candidate {
    var score: Double
    /// The row of the sequence that it continues.
    var origin: Int
    var piece: Int32
  }

  /// The best sequence found that continues `prompt` by at most `limit` pieces, without the piece that closes it.
  package func sequence(after prompt: [Int32], limit: Int, _ scorer: inout any SequenceScorer) -> [Int32] {
    var open = [(sequence: prompt, score: 0.0)]
    var origins = [0]
    var closed: [(sequence: [Int32], score: Double)] = []
    for length in 1...max(1, limit) {
      let logits = scorer.logits(of: open.map(\.sequence), origins: origins)
      var next: [(sequence: [Int32], score: Double)] = []
      origins = []
      // Twice as many as are kept: half of them may be closed.
      for (rank, candidate) in best(2 * width, logits, open.map(\.score)).enumerated() where next.count < width {
        let sequence = open[candidate.origin].sequence
        if !ends.contains(candidate.piece) {
          next.append((sequence + [candidate.piece], candidate.score))
          origins.append(candidate.origin)
        } else if rank < width {
          close(sequence, candidate.score, length, &closed)
        }
      }
      open = next
      guard let first = open.first else { break }
      if closed.count >= width, closed[width - 1].score >= value(first.score, length) {
        open = []
        break
      }
      if length == limit { for item in open { close(item.sequence, item.score, length, &closed) } }
    }
    return closed.first?.sequence ?? prompt
  }

  /// Keeps the best `width` closed sequences, of equals the first.
  private func close(
    _ sequence: [Int32], _ score: Double, _ length: Int, _ closed: inout [(sequence: [Int32], score: Double)]
  ) {
    let score = value(score, length)
    let place = closed.firstIndex { $0.score < score } ?? closed.endIndex
    closed.insert((sequence, score), at: place)
    if closed.count > width { closed.removeLast() }
  }

  private func value(_ score: Double, _ length: Int) -> Double { score / pow(Double(length), lengthPenalty) }

  /// The best continuations of all rows, the best first, of equals the one in the earlier row and with the smaller piece.
  private func best(_ count: Int, _ logits: [[Float]], _ scores: [Double]) -> [Candidate] {
    var best: [Candidate] = []
    var least = -Double.infinity
    for (row, logits) in logits.enumerated() {
      let base = scores[row] - logarithmOfSum(logits)
      for index in logits.indices {
        let score = base + Double(logits[index])
        guard score > least || (best.count < count && !score.isNaN) else { continue }
        let place = best.firstIndex { $0.score < score } ?? best.endIndex
        best.insert(Candidate(score: score, origin: row, piece: Int32(index)), at: place)
        if best.count > count { best.removeLast() }
        if best.count == count { least = best[count - 1].score }
      }
    }
    return best
  }

  /// The logarithm of the sum of e to the power of each number.
  private func logarithmOfSum(_ logits: [Float]) -> Double {
    var greatest = -Float.infinity
    for logit in logits where logit > greatest { greatest = logit }
    var sum = 0.0
    for logit in logits {
      let distance = logit - greatest
      // Less than 1e-13 of the greatest.
      if distance > -30 { sum += Double(exp(distance)) }
    }
    return Double(greatest) + log(sum)
  }
}
