import Source

extension DiagnosticCode {
  package static let semicolon = DiagnosticCode(
    "N007", "a semicolon",
    what: "A line is a statement: no `;` ends it, and two statements stand on two lines.",
    why: "With one statement a line, a change to a file shows which statement changed.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3);
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
