import Source

extension DiagnosticCode {
  package static let notATensor = DiagnosticCode(
    "N130", "a flow that does not start from a tensor",
    what: "`->` feeds a tensor. What stands before it is a number, a text or a layer.",
    why: "Layers are stages: they stand after `->` and take what comes before.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        h = x -> relu
        output y = 3 -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        h = x -> relu
        output y = h -> linear(3)
      }
      """))
}
