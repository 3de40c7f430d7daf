import Source

extension DiagnosticCode {
  package static let window = DiagnosticCode(
    "N106", "a window larger than what it moves over",
    what: """
      The kernel of a convolution or pooling is larger than the tensor it gets, padding included: there is no \
      place for it.
      """,
    why: """
      Each convolution without padding and each pooling makes an image smaller, until nothing is left. The message \
      says how large the input would have to be.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> max_pool(4) -> conv(4, 3) -> flatten
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> max_pool(2) -> conv(4, 3) -> flatten
      }
      """))
}
