import Source

extension DiagnosticCode {
  package static let duplicateName = DiagnosticCode(
    "N103", "a name declared twice",
    what: """
      A name is declared once: inputs, outputs, bindings, parameters and dimensions share one list per body; \
      declarations share one per file, with the words of the language and with what is imported.
      """,
    why: "With two meanings, a reader would have to find out which one counts where.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        h = x -> fc1: linear(8)
        h = h -> relu
        output y = h -> fc2: linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        h = x -> fc1: linear(8)
        a = h -> relu
        output y = a -> fc2: linear(3)
      }
      """))
}
