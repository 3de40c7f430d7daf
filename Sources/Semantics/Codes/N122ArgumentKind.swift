import Source

extension DiagnosticCode {
  package static let argumentKind = DiagnosticCode(
    "N122", "a value of the wrong kind",
    what: """
      The argument takes a number, a flag, a text, a list, a layer, a tensor or one of a few words, and got \
      something else.
      """,
    why: """
      Values are not converted: `"32"` is a text and not a number.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear("3")
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
