import Source

extension DiagnosticCode {
  package static let condition = DiagnosticCode(
    "N119", "a condition that is not true or false",
    what: """
      The condition of `if`, `and`, `or`, `not` and `assert` is decided when the net is built: it is made of \
      numbers, texts and flags, not of tensors.
      """,
    why: """
      The shape of a net does not depend on the data that flows through it, so everything can be checked before \
      the first step.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> if 3 { relu }
      }
      """),
    right: Example(
      """
      net Example(depth = 3) {
        input x: f32[4]
        output y = x -> if depth > 2 { relu }
      }
      """))
}
