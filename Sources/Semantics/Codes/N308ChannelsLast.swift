import Source

extension DiagnosticCode {
  package static let channelsLast = DiagnosticCode(
    "N308", "a picture whose sizes are not channels, height, width",
    what: """
      A picture is `[channels, height, width]`. Here a convolution gets an input whose last size is 1, 3 or 4, as if \
      the channels stood last, or a picture of two sizes: it takes rows of the picture for channels. The same holds for \
      the rows of an `embedding`, which are [places, features]: a window moves over the last axis.
      """,
    why: """
      Elsewhere pictures often have their channels last, and such a net still fits together. netc puts them first, and \
      so do its sources of data.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[32, 32, 3]
        output logits = image -> conv(16, 3, pad=1) -> relu -> flatten -> linear(10)
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[3, 32, 32]
        output logits = image -> conv(16, 3, pad=1) -> relu -> flatten -> linear(10)
      }
      """))
}
