import Source

extension DiagnosticCode {
  package static let repeatedBins = DiagnosticCode(
    "N307", "adaptive pooling that makes a tensor larger",
    what: """
      Adaptive pooling takes any size. Here it gets fewer positions than it gives, so that values are repeated.
      """,
    why: """
      It hides that the layers before have made the tensor smaller than was meant: the input is too small, or a \
      kernel or stride too large.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[3, 16, 16]
        output y = image -> conv(8, 3, stride=4) -> adaptive_avg_pool(6) -> flatten
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[3, 64, 64]
        output y = image -> conv(8, 3, stride=4) -> adaptive_avg_pool(6) -> flatten
      }
      """))
}
