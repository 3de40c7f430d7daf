import Source

extension DiagnosticCode {
  package static let chainedComparison = DiagnosticCode(
    "N024", "comparisons in a chain",
    what: "Comparisons are not chained: each stands between two values, and `and` joins two of them.",
    why: "Languages disagree on what `a < b < c` means; here it has to be said: `a < b and b < c`.",
    wrong: Example(
      """
      const width = 64

      net Example {
        input x: f32[4]
        assert 8 < width < 128
        output y = x -> linear(width)
      }
      """),
    right: Example(
      """
      const width = 64

      net Example {
        input x: f32[4]
        assert 8 < width and width < 128
        output y = x -> linear(width)
      }
      """))
}
