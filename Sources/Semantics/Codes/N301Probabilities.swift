import Source

extension DiagnosticCode {
  package static let probabilities = DiagnosticCode(
    "N301", "probabilities where a loss takes logits",
    what: """
      `cross_entropy` and `binary_cross_entropy` apply `softmax` or `sigmoid` themselves, in a form that stays \
      exact. What they are given went through one already.
      """,
    why: """
      Applied twice it still trains, slowly and badly. Give the loss the tensor before the `softmax`; keep the \
      probabilities as a second output.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output prob = image -> flatten -> linear(10) -> softmax
      }

      train Example {
        target label: index(10)
        data      = digits("train")
        loss      = cross_entropy(prob, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
        output prob = logits -> softmax
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
