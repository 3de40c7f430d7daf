import Source

extension DiagnosticCode {
  package static let tooComplex = DiagnosticCode(
    "N027", "a statement too deep or too long",
    what: "Brackets and conditions may be nested 256 deep, and a statement may hold 1000 operators.",
    why: "No net that people write comes near that. Name parts of the expression to get below.",
    wrong: Example(
      """
      const width = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
        ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
        ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
        (((((((((((((((((((((((((((((((((((((((((((((((((((((((3
      """),
    right: Example(
      """
      const width = ((3))

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """))
}
