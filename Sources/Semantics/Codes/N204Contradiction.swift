import Source

extension DiagnosticCode {
  package static let contradiction = DiagnosticCode(
    "N204", "settings that contradict each other",
    what: "`epochs` and `steps` both say how long to train; one of them is given.",
    why: "Which of the two would count could only be guessed.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
        steps     = 1000
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        steps     = 1000
      }
      """))
}
