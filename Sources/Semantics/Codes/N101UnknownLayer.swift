import Source

extension DiagnosticCode {
  package static let unknownLayer = DiagnosticCode(
    "N101", "a layer or block that does not exist",
    what: """
      After `->` stands the name of a layer of the language, of a block of this file or of an imported one, or of \
      a declared `layer`. There is none of this name, or the name stands for something else.
      """,
    why: """
      Nothing is guessed and nothing ignored: a word that is not known would otherwise change the net silently. \
      Names of other frameworks (`Dense`, `Conv2D`) are recognised and their name here is offered.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> Dense(3)
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
