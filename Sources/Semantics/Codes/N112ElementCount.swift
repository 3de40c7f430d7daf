import Source

extension DiagnosticCode {
  package static let elementCount = DiagnosticCode(
    "N112", "a reshape that changes the number of elements",
    what: """
      `reshape` gives the same numbers another shape, so the product of its sizes must stay. One size may be -1 \
      and is worked out.
      """,
    why: "Numbers are neither dropped nor invented.",
    wrong: Example(
      """
      net Example {
        input x: f32[12]
        output y = x -> reshape([5, 3])
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[12]
        output y = x -> reshape([4, 3])
      }
      """))
}
