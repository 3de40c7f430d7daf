import Source

extension DiagnosticCode {
  package static let redundantBias = DiagnosticCode(
    "N303", "a bias that has no effect",
    what: """
      The layer adds a bias and `batch_norm` directly after it takes the mean away again, and with it the bias.
      """,
    why: "The weights of the bias are trained and saved for nothing; `batch_norm` has a shift of its own.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, 3) -> batch_norm -> relu
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, 3, bias=false) -> batch_norm -> relu
      }
      """))
}
