import Source

extension DiagnosticCode {
  package static let tooLarge = DiagnosticCode(
    "N127", "a tensor larger than any can be",
    what: "A tensor may have 2^42 elements, and a size of an `index` is below 2^31.",
    why: "Sizes are computed exactly and refused before memory is asked for.",
    wrong: Example(
      """
      net Example {
        input x: f32[2 ** 31, 2 ** 31]
        output y = x -> relu
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[2 ** 10, 2 ** 10]
        output y = x -> relu
      }
      """))
}
