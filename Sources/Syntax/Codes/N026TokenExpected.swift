import Source

extension DiagnosticCode {
  package static let tokenExpected = DiagnosticCode(
    "N026", "another mark is expected",
    what: "The grammar asks for a certain mark here and found something else.",
    why: """
      The message names the mark and what stands before it. A body opens with `{` at the end of the line it \
      belongs to.
      """,
    wrong: Example(
      """
      net Example:
        input x: f32[4]
        output y = x -> linear(3)
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
