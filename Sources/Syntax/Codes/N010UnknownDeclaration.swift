import Source

extension DiagnosticCode {
  package static let unknownDeclaration = DiagnosticCode(
    "N010", "a line outside of bodies that is no declaration",
    what: """
      A file holds `import "blocks.net"`, `const width = 64`, `net Name { … }`, `block name(…) { … }` and `train \
      Name { … }`. Everything else stands in a body.
      """,
    why: """
      Often a `}` above has closed the body too early, or `const` is missing before a name that gets a value.
      """,
    wrong: Example(
      """
      width = 64

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """),
    right: Example(
      """
      const width = 64

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """))
}
