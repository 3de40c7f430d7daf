import Source

extension DiagnosticCode {
  package static let unknownType = DiagnosticCode(
    "N128", "a type that does not exist",
    what: "The types are `f32`, `bool` and `index(n)`, a whole number from 0 to n - 1.",
    why: "`index(n)` says once what the embedding table, the targets and the loss must agree on.",
    wrong: Example(
      """
      net Example {
        input x: float[4]
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
