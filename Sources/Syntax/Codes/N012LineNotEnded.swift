import Source

extension DiagnosticCode {
  package static let lineNotEnded = DiagnosticCode(
    "N012", "something follows a complete statement",
    what: """
      A statement was complete, but its line went on. Usually an operator, a comma or `->` is missing, or two \
      statements share a line.
      """,
    why: "A statement ends with its line unless a bracket is open or the next line starts with `->`.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x linear(3)
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
