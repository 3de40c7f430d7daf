import Source

extension DiagnosticCode {
  package static let malformedName = DiagnosticCode(
    "N006", "a name with letters that names cannot have",
    what: "Names are made of the letters a-z and A-Z, digits and `_`, and do not start with a digit.",
    why: """
      Names become the names of parameters in files of weights, which other programs read. Comments and strings \
      may hold any letters.
      """,
    wrong: Example(
      """
      net Example {
        input größe: f32[4]
        output y = größe -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input size: f32[4]
        output y = size -> linear(3)
      }
      """))
}
