import Source

extension DiagnosticCode {
  package static let foreignOrder = DiagnosticCode(
    "N309", "arguments in the order of another framework",
    what: """
      The first number of a layer is the size of what comes in, as PyTorch wants it. Here the size of what comes in is \
      inferred: the first number of `conv` is what comes out, the first of `attention` the number of heads.
      """,
    why: "The layer fits all the same, with windows or heads that are hardly meant.",
    wrong: Example(
      """
      net Example {
        input image: f32[3, 32, 32]
        output y = image -> conv(3, 16, 3) -> relu -> flatten
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[3, 32, 32]
        output y = image -> conv(16, 3) -> relu -> flatten
      }
      """))
}
