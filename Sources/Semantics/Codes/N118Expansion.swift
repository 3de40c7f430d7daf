import Source

extension DiagnosticCode {
  package static let expansion = DiagnosticCode(
    "N118", "a net that does not end",
    what: """
      Blocks cannot call themselves, constants cannot be defined by themselves, and the nets of a file \
      expand to at most 50000 stages and 200000 operations and weights. The values of a file take at most 2000000 \
      steps to work out: each part of an expression and each element of a list is one.
      """,
    why: "Every file is checked to its end within a moment: there is no recursion and no endless loop.",
    wrong: Example(
      """
      block deeper(width) {
        input x: f32[n]
        output y = x -> linear(width) -> deeper(width)
      }

      net Example {
        input x: f32[4]
        output y = x -> deeper(8)
      }
      """),
    right: Example(
      """
      block deeper(width) {
        input x: f32[n]
        output y = x -> linear(width) -> relu
      }

      net Example {
        input x: f32[4]
        output y = x -> repeat 3 { deeper(8) }
      }
      """))
}
