import Testing

@testable import Datasets

@Suite struct DigitsTests {
  static let declarations = [
    TensorDeclaration("image", .float32, shape: [1, 8, 8], role: .input),
    TensorDeclaration("label", .index(count: 10), role: .target),
  ]

  /// Sums that numpy finds in scikit-learn's `digits.csv.gz`, where every fifth row (4, 9, …) is the test set: the pixels; the pixels
  /// times their position from 1; the pixels times their example from 0; the labels' counts.
  @Test(arguments: [
    (
      DigitsPart.train, 1_438, [450_304, 14_609_434, 322_730_217], [151, 161, 143, 131, 147, 154, 150, 136, 127, 138],
      [0, 1, 2, 3, 5, 6, 7, 8, 0, 1]
    ),
    (
      .test, 359, [111_414, 3_612_937, 19_930_651], [27, 21, 34, 52, 34, 28, 31, 43, 47, 42],
      [4, 9, 4, 9, 4, 9, 6, 9, 7, 0]
    ),
  ])
  func holdsThePublishedDigits(part: DigitsPart, count: Int, sums: [Int], classes: [Int], first: [Float]) throws {
    let data = try DataOpening(
      training: DataDescription(.digits(part)), declarations: Self.declarations, folder: "", seed: 0
    ).open().training
    #expect(data.count == count)
    let pixels = try data.numbers("image").map { Int($0) }
    #expect(pixels.reduce(0, +) == sums[0])
    #expect(pixels.indices.reduce(0) { $0 + pixels[$1] * ($1 % 64 + 1) } == sums[1])
    #expect(pixels.indices.reduce(0) { $0 + pixels[$1] * ($1 / 64) } == sums[2])
    #expect(pixels.max() == 16)
    let labels = try data.numbers("label")
    #expect(Array(labels.prefix(10)) == first)
    #expect((0..<10).map { digit in labels.count { $0 == Float(digit) } } == classes)
  }
}
