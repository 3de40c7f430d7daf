import Testing

@testable import Source

@Suite struct SpellingTests {
  /// Distances worked out by hand from the definition.
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("stride", "strides", 1), ("conv", "cnov", 1), ("linear", "liner", 1),
    ("relu", "gelu", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func distance(_ left: String, _ right: String, _ expected: Int) {
    #expect(editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  static let words = ["conv", "linear", "max_pool", "batch_norm", "dropout", "relu", "flatten", "embedding"]

  @Test(
    arguments: [
      ("strides", nil), ("covn", "conv"), ("Linear", "linear"), ("BatchNorm", "batch_norm"), ("maxpool", "max_pool"),
      ("conv2d", "conv"), ("dense", "linear"), ("embed", "embedding"), ("droput", "dropout"), ("xyz", nil), ("", nil),
      ("lstm", nil), ("conv", nil),
    ] as [(String, String?)])
  func suggestion(_ name: String, _ expected: String?) {
    #expect(closestSpelling(of: name, among: Self.words, synonyms: ["dense": "linear"]) == expected)
  }

  @Test func longNamesAreGivenUp() {
    let name = String(repeating: "x", count: 1_000_000)
    #expect(closestSpelling(of: name, among: [name + "y"]) == nil)
  }
}
