import Source

extension DiagnosticCode {
  package static let danglingArrow = DiagnosticCode(
    "N016", "an arrow without something on both sides",
    what: "`->` feeds what stands before it to the stage after it, so it needs both.",
    why: """
      A flow over several lines has its arrows at the start of the lines: a stage can then be added or taken out \
      without touching its neighbours.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x ->
          linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x
          -> linear(3)
      }
      """))
}
