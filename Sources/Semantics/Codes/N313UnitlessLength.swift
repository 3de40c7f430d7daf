import Source

extension DiagnosticCode {
  package static let unitlessLength = DiagnosticCode(
    "N313", "a length without its unit",
    what: """
      A length of training is a number without a unit, which counts steps, while the training counts epochs and has at \
      least as many.
      """,
    why: """
      Elsewhere such numbers count epochs: there `step(every=30)` changes the rate three times in 90 epochs, here it does \
      so every 30 steps, and nothing is learnt after the first epochs. `30 steps` says that it is meant.
      """,
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
        optimizer = adam(lr=1e-3)
        schedule  = step(every=30, gamma=0.1)
        epochs    = 90
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
        optimizer = adam(lr=1e-3)
        schedule  = step(every=30 epochs, gamma=0.1)
        epochs    = 90
      }
      """))
}
