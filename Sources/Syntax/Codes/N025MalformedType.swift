import Source

extension DiagnosticCode {
  package static let malformedType = DiagnosticCode(
    "N025", "a type that is not written as one",
    what: """
      Types are `f32`, `bool` and `index(n)`, with the sizes of one example in brackets: `f32[3, 224, 224]`, \
      `index(vocab)[length]`. Parameters of blocks are numbers, or `name: layer` or `name: tensor`.
      """,
    why: "Types describe one example. The batch has no axis in a `.net` file: its size is the setting `batch`.",
    wrong: Example(
      """
      net Example {
        input image: [3, 8, 8]
        output y = image -> flatten -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[3, 8, 8]
        output y = image -> flatten -> linear(3)
      }
      """))
}
