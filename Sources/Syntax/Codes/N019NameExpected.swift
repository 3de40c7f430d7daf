import Source

extension DiagnosticCode {
  package static let nameExpected = DiagnosticCode(
    "N019", "a name is missing",
    what: "A name is expected: letters, digits and `_`, not starting with a digit, without quotes.",
    why: "Declarations, inputs, outputs and bindings are known by their names.",
    wrong: Example(
      """
      net "Example" {
        input x: f32[4]
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
