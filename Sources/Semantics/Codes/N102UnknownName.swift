import Source

extension DiagnosticCode {
  package static let unknownName = DiagnosticCode(
    "N102", "a name that does not exist here",
    what: """
      Names of a body are its parameters, inputs, bound dimensions, bindings and outputs, and the constants of the \
      file. They can be read below the line that declares them.
      """,
    why: "A body is read from top to bottom, so that every name has one meaning and no circle can arise.",
    wrong: Example(
      """
      net Example(classes = 3) {
        input x: f32[4]
        output y = x -> linear(clases)
      }
      """),
    right: Example(
      """
      net Example(classes = 3) {
        input x: f32[4]
        output y = x -> linear(classes)
      }
      """))
}
