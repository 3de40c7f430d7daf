import Source

extension DiagnosticCode {
  package static let unequalShapes = DiagnosticCode(
    "N110", "tensors whose shapes do not fit",
    what: "`+ - * /` work between tensors of equal shape, or where one has the size 1 along an axis.",
    why: """
      In a residual net both ways have to end in one shape: where the main way changes channels or size, the \
      shortcut needs a projection such as `conv(channels, 1, stride=2)`.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[3, 8, 8]
        main = image -> conv1: conv(8, 3, pad=1) -> relu
        output y = image + main
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[3, 8, 8]
        main = image -> conv1: conv(8, 3, pad=1) -> relu
        skip = image -> project: conv(8, 1)
        output y = skip + main
      }
      """))
}
