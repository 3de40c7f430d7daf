import Source

extension DiagnosticCode {
  package static let noOutput = DiagnosticCode(
    "N114", "a net or block without output",
    what: "A net or block has at least one line `output name = …`.",
    why: "Without an output nothing of what it computes could be used.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        y = x -> linear(3)
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
