import Source

extension DiagnosticCode {
  package static let statedSize = DiagnosticCode(
    "N104", "a stated size that is not the real one",
    what: """
      An argument such as `inputs=9216` states the size of what comes in. It is checked, and the net computes \
      another one.
      """,
    why: """
      Sizes are inferred; a size that is written is an assertion. The message shows the shapes on the way and, \
      where it can, which input would make the stated size true.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(4, 3) -> flatten -> linear(10, inputs=256)
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(4, 3) -> flatten -> linear(10, inputs=144)
      }
      """))
}
