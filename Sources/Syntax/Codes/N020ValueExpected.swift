import Source

extension DiagnosticCode {
  package static let valueExpected = DiagnosticCode(
    "N020", "a value is missing",
    what: "A value is expected: a number, a string, a name, a call, or something in brackets.",
    why: "A value that is to stand on the next line is put in brackets, in which lines do not end statements.",
    wrong: Example(
      """
      const width =

      net Example {
        input x: f32[4]
        output y = x -> linear(3)
      }
      """),
    right: Example(
      """
      const width = 3

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """))
}
