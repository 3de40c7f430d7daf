import Source

extension DiagnosticCode {
  package static let valueGoesNowhere = DiagnosticCode(
    "N017", "a line whose value nothing uses",
    what: """
      The line computes something and gives it to nobody. Start it with `->` to continue the flow above, or give \
      the value a name.
      """,
    why: "There is no tensor “at hand” that lines work on: what flows where is always written.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x
          linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x
          -> linear(3)
      }
      """))
}
