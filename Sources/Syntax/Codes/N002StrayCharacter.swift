import Source

extension DiagnosticCode {
  package static let strayCharacter = DiagnosticCode(
    "N002", "a character without meaning",
    what: """
      Outside of strings and comments a file holds letters, digits, `_`, the marks ( ) [ ] { } , : = . + - * / % < \
      > ! and the arrow `->`.
      """,
    why: """
      Such a character often comes from a web page or a word processor (`×` for `*`, `→` for `->`, an invisible \
      blank), or from another language (`&&` for `and`). Where what was meant is plain, it is offered as a fix.
      """,
    wrong: Example(
      """
      const width = 64 × 2

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """),
    right: Example(
      """
      const width = 64 * 2

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """))
}
