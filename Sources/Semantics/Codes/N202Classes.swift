import Source

extension DiagnosticCode {
  package static let classes = DiagnosticCode(
    "N202", "a net whose classes are not those of the target",
    what: """
      The last layer gives one score for each class, and the target `index(n)` has n classes. The two numbers \
      differ.
      """,
    why: "With too few scores a class could never be named; with too many, some would never be right.",
    wrong: Example(
      """
      net Example(classes = 1000) {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(classes)
      }

      train Example {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example(classes = 1000) {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(classes)
      }

      train Example(classes = 10) {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
