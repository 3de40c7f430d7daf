import Source

extension DiagnosticCode {
  package static let reservedName = DiagnosticCode(
    "N018", "a reserved word used as a name",
    what: """
      The words net block train const import input output layer assert target repeat for in if then else and or \
      not true false none cannot be names.
      """,
    why: """
      They may be names of arguments, and labels in quotes: `"for": conv(64, 3)`.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output layer = x -> linear(3)
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
