import Source

extension DiagnosticCode {
  package static let unknownOverride = DiagnosticCode(
    "N220", "a --set for something that does not exist",
    what: """
      `--set batch=64` changes a setting of the `train` section, `--set Net.classes=10` a parameter of a net.
      """,
    why: "An option that changes nothing would let a run look like another one.",
    wrong: Example(
      """
      net Example(classes = 3) {
        input x: f32[4]
        output y = x -> linear(classes)
      }
      """,
      set: ["Example.clases=10"]),
    right: Example(
      """
      net Example(classes = 3) {
        input x: f32[4]
        output y = x -> linear(classes)
      }
      """,
      set: ["Example.classes=10"]))
}
