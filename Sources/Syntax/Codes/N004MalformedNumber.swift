import Source

extension DiagnosticCode {
  package static let malformedNumber = DiagnosticCode(
    "N004", "a number that is not written as one",
    what: """
      Numbers are written `64`, `1_000`, `0.5` or `5e-4`: a digit before and after the point, `_` between two \
      digits only, a blank before a unit (`30 epochs`).
      """,
    why: """
      A name does not start with a digit, so digits followed by letters are neither. As a label, a number stands \
      in quotes: `"0": conv(64, 3)`.
      """,
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> dropout(.5) -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> dropout(0.5) -> linear(3)
      }
      """))
}
