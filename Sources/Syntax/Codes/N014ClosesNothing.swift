import Source

extension DiagnosticCode {
  package static let closesNothing = DiagnosticCode(
    "N014", "a closing bracket without partner",
    what: "One closing bracket too many was typed, or its opening bracket is missing.",
    why: "Brackets come in pairs of one kind: `( )`, `[ ]`, `{ }`.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3))
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3)
      }
      """))
}
