import Source

extension DiagnosticCode {
  package static let blockInput = DiagnosticCode(
    "N109", "a block that does not take such a tensor",
    what: """
      The type of a block's input says what it takes. Names in it that are new are bound to the sizes of the \
      tensor that comes in; everything else has to agree.
      """,
    why: "The mistake is shown where the block is called, which is where it can be mended.",
    wrong: Example(
      """
      block classify(classes) {
        input x: f32[c, h, w]
        output y = x -> flatten -> linear(classes)
      }

      net Example {
        input x: f32[4]
        output y = x -> classify(3)
      }
      """),
    right: Example(
      """
      block classify(classes) {
        input x: f32[n]
        output y = x -> linear(classes)
      }

      net Example {
        input x: f32[4]
        output y = x -> classify(3)
      }
      """))
}
