import Source

extension DiagnosticCode {
  package static let inputKind = DiagnosticCode(
    "N105", "a layer that does not take such a tensor",
    what: """
      Layers ask for a number of axes and a type of element: `conv` works on `[channels, height, width]` or \
      `[channels, length]` of `f32`, `embedding` on `index(n)`.
      """,
    why: "A tensor of another kind is never converted silently. `flatten` and `reshape` change the axes.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> flatten -> conv(4, 3)
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output y = image -> conv(4, 3) -> flatten
      }
      """))
}
