import Source

extension DiagnosticCode {
  package static let misplacedLayer = DiagnosticCode(
    "N131", "a word in a place for something else",
    what: """
      Layers stand after `->`, losses in the setting `loss`, and a number or tensor is not called like a function.
      """,
    why: "Every word has one kind of place; what it does can be seen from where it stands.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = relu(x)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> relu
      }
      """))
}
