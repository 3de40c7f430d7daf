import Source

extension DiagnosticCode {
  package static let promise = DiagnosticCode(
    "N108", "a promised type that is not kept",
    what: "`output y: f32[10] = …` promises the type of an output. The flow gives another one.",
    why: "A promise tells a reader what a net or block does, and finds the change that breaks it.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y: f32[10] = x -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y: f32[10] = x -> linear(10)
      }
      """))
}
