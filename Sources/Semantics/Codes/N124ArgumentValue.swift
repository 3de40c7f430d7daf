import Source

extension DiagnosticCode {
  package static let argumentValue = DiagnosticCode(
    "N124", "an argument outside of its range",
    what: """
      The value is of the right kind but cannot be used: too large, too small, or not fitting the tensor that \
      comes in.
      """,
    why: "The message says what is allowed and what was given.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> dropout(1.5) -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> dropout(0.5) -> linear(3)
      }
      """))
}
