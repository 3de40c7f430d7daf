import Source

extension DiagnosticCode {
  package static let unknownArgument = DiagnosticCode(
    "N121", "an argument that does not exist",
    what: "The layer, block or word has no argument of this name.",
    why: "An argument that is silently ignored is the hardest mistake to find in a configuration.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, 3, strides=2) -> flatten
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, 3, stride=2) -> flatten
      }
      """))
}
