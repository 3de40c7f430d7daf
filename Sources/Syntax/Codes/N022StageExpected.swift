import Source

extension DiagnosticCode {
  package static let stageExpected = DiagnosticCode(
    "N022", "a stage is missing or not joined",
    what: """
      After `->` stands a stage: `relu`, `conv(64, 3)`, `name: conv(64, 3)`, `{ … }`, `repeat 3 { … }`, `for c in \
      [64, 128] { … }` or `if condition { … } else { … }`. Stages in `{ }` are joined by `->` too.
      """,
    why: "One mark joins stages everywhere, on one line as on many.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> repeat 2 { linear(8) relu }
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> repeat 2 { linear(8) -> relu }
      }
      """))
}
