import Source

extension DiagnosticCode {
  package static let oneAnswer = DiagnosticCode(
    "N315", "a comparison that is the same everywhere",
    what: """
      The numbers of an `index(n)` are 0 to n - 1. Here they are compared with a number that none of them is, or that \
      all of them are above or below: the comparison is true everywhere, or false everywhere.
      """,
    why: "A mask of it takes everything, or nothing, and what was meant to be left out is read like the rest.",
    wrong: Example(
      """
      net Example {
        input text: index(100)[20]
        output logits = text -> embedding(100, 16) -> lstm(8, mask=(text != 100)) -> linear(2)
      }
      """),
    right: Example(
      """
      net Example {
        input text: index(100)[20]
        output logits = text -> embedding(100, 16) -> lstm(8, mask=(text != 0)) -> linear(2)
      }
      """))
}
