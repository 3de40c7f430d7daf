import Source

extension DiagnosticCode {
  package static let missingArgument = DiagnosticCode(
    "N120", "an argument that is missing",
    what: """
      An argument without default was not given; for a block, a parameter without default or a further input.
      """,
    why: "The signature in the message shows every argument: what has `=` may be left out.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8) -> flatten
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, 3) -> flatten
      }
      """))
}
