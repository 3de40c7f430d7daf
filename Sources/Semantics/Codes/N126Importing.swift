import Source

extension DiagnosticCode {
  package static let importing = DiagnosticCode(
    "N126", "a file that cannot be imported",
    what: """
      The path is relative to the file that imports. The file is missing or unreadable, or files import one \
      another in a circle.
      """,
    why: "What an import brings in is known from the two files alone: there is no search path.",
    wrong: Example(
      """
      import "block.net"

      net Example {
        input x: f32[4]
        output y = x -> linear(3)
      }
      """),
    right: Example(
      """
      import "blocks.net"

      net Example {
        input x: f32[4]
        output y = x -> head(3)
      }
      """,
      files: [
        "blocks.net": """
        block head(classes) {
          input x: f32[n]
          output y = x -> linear(classes)
        }
        """
      ]))
}
