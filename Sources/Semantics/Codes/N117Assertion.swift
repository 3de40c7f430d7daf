import Source

extension DiagnosticCode {
  package static let assertion = DiagnosticCode(
    "N117", "an assertion that does not hold",
    what: """
      `assert condition, "reason"` is checked when the net is built; the condition is false here.
      """,
    why: "Assertions say what the parameters of a net or block must satisfy, next to where they are declared.",
    wrong: Example(
      """
      block split(width, heads) {
        input x: f32[n]
        assert width % heads == 0, "heads must divide the width"
        output y = x -> linear(width // heads)
      }

      net Example {
        input x: f32[4]
        output y = x -> split(64, 5)
      }
      """),
    right: Example(
      """
      block split(width, heads) {
        input x: f32[n]
        assert width % heads == 0, "heads must divide the width"
        output y = x -> linear(width // heads)
      }

      net Example {
        input x: f32[4]
        output y = x -> split(64, 4)
      }
      """))
}
