import Source

extension DiagnosticCode {
  package static let bracketNotClosed = DiagnosticCode(
    "N013", "a bracket that is not closed",
    what: "A `(`, `[` or `{` was opened and not closed before the statement ended.",
    why: """
      Newlines do not count inside brackets, so the missing one may belong on an earlier line than where this was \
      noticed.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3
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
