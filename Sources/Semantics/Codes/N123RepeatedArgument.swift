import Source

extension DiagnosticCode {
  package static let repeatedArgument = DiagnosticCode(
    "N123", "one argument too many, or twice",
    what: """
      An argument was given twice, more values were given than there are places for, or one without a name follows \
      one with a name.
      """,
    why: "Arguments without names take the places of the signature in order; each can be given once.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, 3, kernel=5) -> flatten
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(8, kernel=5) -> flatten
      }
      """))
}
