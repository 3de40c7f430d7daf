import Source

extension DiagnosticCode {
  package static let bodyNotClosed = DiagnosticCode(
    "N015", "a body that is not closed",
    what: "The `{` of a net, block or train section has no `}`.",
    why: """
      Declarations do not stand inside one another: where the next one starts, the body before it must have ended.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3)
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3)
      }
      """))
}
