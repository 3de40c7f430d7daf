import Source

extension DiagnosticCode {
  package static let duplicateParameter = DiagnosticCode(
    "N113", "two parameters or layers of one name",
    what: """
      A parameter is called by the labels that lead to it and its own name, as in PyTorch: \
      `layer1.0.conv1.weight`. Stages without label are counted from 0 in each flow.
      """,
    why: """
      Two flows of one body both start to count at 0. A label on one of them opens a path of its own: `x -> \
      encoder: { linear(8) -> relu }`.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        a = x -> linear(8)
        b = x -> linear(8)
        output y = a + b
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        a = x -> left: linear(8)
        b = x -> right: linear(8)
        output y = a + b
      }
      """))
}
