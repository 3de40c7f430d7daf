import Source

extension DiagnosticCode {
  package static let droppedScores = DiagnosticCode(
    "N305", "dropout directly before the loss",
    what: "What the loss compares ends with dropout, so in training some scores are set to 0 at random.",
    why: """
      The net is punished for zeros it did not choose, and evaluation sees other scores than training. Dropout \
      belongs between layers.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10) -> dropout(0.5)
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
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> dropout(0.5) -> linear(10)
      }

      train Example {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
