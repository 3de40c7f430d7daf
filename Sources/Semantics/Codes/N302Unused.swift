import Source

extension DiagnosticCode {
  package static let unused = DiagnosticCode(
    "N302", "something that nothing uses",
    what: "A constant, parameter, input, binding, declared layer or target is never read.",
    why: "Often a name further down is not the one that was meant. What is really not needed is taken out.",
    wrong: Example(
      """
      net Example(width = 64) {
        input x: f32[4]
        output y = x -> linear(3)
      }
      """),
    right: Example(
      """
      net Example(width = 64) {
        input x: f32[4]
        output y = x -> linear(width) -> relu -> linear(3)
      }
      """))
}
