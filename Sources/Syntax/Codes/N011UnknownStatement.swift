import Source

extension DiagnosticCode {
  package static let unknownStatement = DiagnosticCode(
    "N011", "a line in a body that is no statement",
    what: """
      A line in the body of a net or block is `input name: type`, `output name = flow`, `layer name: call`, \
      `assert condition` or `name = flow`. A line in the body of `train` is `target name: type` or `name = value`.
      """,
    why: """
      What trains a net stands in `train`, what computes in `net`: the same net can then be trained in several \
      ways.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        target label: index(3)
        output y = x -> linear(3)
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
