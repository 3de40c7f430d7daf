import Source

extension DiagnosticCode {
  package static let size = DiagnosticCode(
    "N107", "a size or count that is no whole number in range",
    what: """
      Sizes of tensors are whole numbers of at least 1; counts of `repeat` are whole numbers of at least 0.
      """,
    why: "`/` divides exactly: 9 / 2 is 4.5. `//` divides and rounds down.",
    wrong: Example(
      """
      net Example {
        input x: f32[9]
        output y = x -> linear(9 / 2)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[9]
        output y = x -> linear(9 // 2)
      }
      """))
}
