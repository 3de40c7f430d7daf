import Graphs
import Testing
import Training

/// Values worked out by hand.
@Suite struct MetricTests {
  private func value(_ summary: MetricSummary, _ batches: [(parts: [[Float]], examples: Int)]) -> Double? {
    var accumulator = MetricAccumulator(summary)
    for batch in batches { accumulator.add(batch.parts, examples: batch.examples) }
    return accumulator.value
  }

  @Test func meansCountExamplesAndRatiosCountWhatTheyDivideBy() {
    #expect(value(.mean, [([[0.5]], 8), ([[1]], 2)]) == 0.6)
    #expect(value(.ratio, [([[3], [4]], 8), ([[1], [4]], 2)]) == 0.5)
    #expect(value(.share(most: 2), [([[3]], 4), ([[1]], 1)]) == 0.4)
    #expect(value(.exponentialOfRatio, [([[0], [4]], 8), ([[0], [4]], 2)]) == 1)
  }

  /// 19 of 32 are 19 of 32, however the batches cut them: early stopping must not take rounding for an improvement.
  @Test func equalSharesAreEqual() {
    let cuts: [[Float]] = [[12, 7], [13, 6], [19, 0]]
    #expect(Set(cuts.map { value(.share(most: 1), [([[$0[0]]], 20), ([[$0[1]]], 12)]) }) == [19.0 / 32])
  }

  /// A batch without a target that counts changes nothing; a set without one has no value.
  @Test func whatDoesNotCountIsLeftOut() {
    #expect(value(.ratio, [([[3], [4]], 8), ([[0], [0]], 2)]) == 0.75)
    #expect(value(.ratio, [([[0], [0]], 8), ([[0], [0]], 2)]) == nil)
    #expect(value(.exponentialOfRatio, [([[0], [0]], 8)]) == nil)
    #expect(value(.weightedMean, [([[0.5], [4]], 8), ([[2], [2]], 8), ([[0], [0]], 8)]) == 1)
    #expect(value(.weightedMean, [([[0], [0]], 8)]) == nil)
  }

  /// 3 hits of 4 predicted, 6 true; nothing predicted of the second class, which has 2.
  @Test func classesWithoutCasesAreZero() {
    let counts: [(parts: [[Float]], examples: Int)] = [([[1, 0, 2, 0, 3, 1]], 4), ([[2, 0, 2, 0, 3, 1]], 4)]
    #expect(value(.classification(.precision, .macro), counts) == 0.375)
    #expect(value(.classification(.recall, .macro), counts) == 0.25)
    #expect(value(.classification(.recall, .weighted), counts) == 0.375)
    #expect(value(.classification(.f1, .macro), counts) == 0.3)
    #expect(value(.classification(.precision, .micro), counts) == 0.75)
  }

  /// Equal scores count half, and the order of the batches does not matter.
  @Test func areaUnderCurve() {
    #expect(value(.areaUnderCurve, [([[1, 2], [0, 1]], 2), ([[2, 3], [0, 1]], 2)]) == 0.875)
    #expect(value(.areaUnderCurve, [([[5, 5, 5], [0, 1, 1]], 3)]) == 0.5)
    #expect(value(.areaUnderCurve, [([[1, 2], [1, 1]], 2)])?.isNaN == true)
  }

  @Test func determination() {
    #expect(value(.determination, [([[1, 2], [1, 2]], 2), ([[3], [3]], 1)]) == 1)
    #expect(value(.determination, [([[2, 2, 2], [1, 2, 3]], 3)]) == 0)
    // Two numbers to an example: one explained wholly, one not at all.
    #expect(value(.determination, [([[1, 5, 3, 5], [1, 4, 3, 6]], 2)]) == 0.5)
  }
}
