import Source

extension DiagnosticCode {
  package static let arithmetic = DiagnosticCode(
    "N116", "arithmetic without result",
    what: "The expression divides by zero, leaves the real numbers or is larger than 64 bits.",
    why: "Numbers of a net are exact, so a result that does not exist is not replaced by another one.",
    wrong: Example(
      """
      const heads = 0

      net Example {
        input x: f32[64]
        output y = x -> linear(64 // heads)
      }
      """),
    right: Example(
      """
      const heads = 8

      net Example {
        input x: f32[64]
        output y = x -> linear(64 // heads)
      }
      """))
}
