import Source

extension DiagnosticCode {
  package static let malformedCondition = DiagnosticCode(
    "N023", "a condition that is not written as one",
    what: """
      As a value, a condition is `if c then a else b`, always with both branches. As a stage it is `-> if c { … } \
      else { … }`, and the `else` may be left out. `else` stands on the line of the `}` before it.
      """,
    why: "A value must be something in either case; a flow can go on as it is.",
    wrong: Example(
      """
      const deep = true

      net Example {
        input x: f32[4]
        output y = x -> linear(if deep then 64)
      }
      """),
    right: Example(
      """
      const deep = true

      net Example {
        input x: f32[4]
        output y = x -> linear(if deep then 64 else 8)
      }
      """))
}
