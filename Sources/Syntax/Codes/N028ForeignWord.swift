import Source

extension DiagnosticCode {
  package static let foreignWord = DiagnosticCode(
    "N028", "a word of another language",
    what: "The word belongs to another language; the message names what is written here.",
    why: """
      There are few words to learn: `net`, `block`, `train`, `const`, `import` outside of bodies; `input`, \
      `output`, `layer`, `assert`, `target` inside.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3, bias=False)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3, bias=false)
      }
      """))
}
