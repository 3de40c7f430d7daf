import Source

extension DiagnosticCode {
  package static let notUTF8 = DiagnosticCode(
    "N001", "the file is not UTF-8 text",
    what: """
      A `.net` file is text in UTF-8. Some bytes of this file cannot be that: it was saved in another encoding, or \
      it is no text at all.
      """,
    why: """
      Names, comments and paths would otherwise read differently on another machine. Most editors offer UTF-8 \
      under “Save as”.
      """,
    wrong: Example(
      """
      # photos of a café
      const width = 64

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """,
      isLatin1: true),
    right: Example(
      """
      # photos of a café
      const width = 64

      net Example {
        input x: f32[4]
        output y = x -> linear(width)
      }
      """))
}
