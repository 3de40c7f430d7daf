import Source

extension DiagnosticCode {
  package static let bindingOrComparison = DiagnosticCode(
    "N021", "one of = == : in place of another",
    what: """
      `=` gives a value to a name, an argument or a setting; `==` compares; `name:` labels a layer or gives a \
      type.
      """,
    why: "Each mark has one meaning everywhere, so that a line can be read without its context.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3, bias: false)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output y = x -> linear(3, bias=false)
      }
      """))
}
