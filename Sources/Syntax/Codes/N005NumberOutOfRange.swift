import Source

extension DiagnosticCode {
  package static let numberOutOfRange = DiagnosticCode(
    "N005", "a number too large or too small to be held",
    what: """
      Whole numbers go up to 9223372036854775807, decimal numbers up to about 1.8e308 and down to about 1.2e-38; and \
      these have at most 400 digits.
      """,
    why: "Sizes are exact: a number that cannot be held is refused, not rounded.",
    wrong: Example(
      """
      const limit = 10000000000000000000

      net Example {
        input x: f32[4]
        output y = x -> linear(min(limit, 8))
      }
      """),
    right: Example(
      """
      const limit = 1000000000000000000

      net Example {
        input x: f32[4]
        output y = x -> linear(min(limit, 8))
      }
      """))
}
