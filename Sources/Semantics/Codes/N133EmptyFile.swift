import Source

extension DiagnosticCode {
  package static let emptyFile = DiagnosticCode(
    "N133", "a file that describes nothing",
    what: """
      The file is empty, or has nothing but comments: there is no net, block, constant or import in it.
      """,
    why: """
      Nothing of it could be run or imported. Most such files were made by an editor or a download that wrote nothing, or \
      were never saved.
      """,
    wrong: Example(
      """
      # a net for handwritten digits
      """),
    right: Example(
      """
      # a net for handwritten digits
      net Digits {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }
      """))
}
