import Source

extension DiagnosticCode {
  package static let metric = DiagnosticCode(
    "N209", "a metric that does not exist or does not fit",
    what: """
      The metric is not known, does not fit the tensors of the loss, or a rule watches one that is not computed.
      """,
    why: """
      Metrics read what the loss reads unless they are given tensors of their own: `accuracy` is for classes, \
      `mse` and `mae` for numbers.
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
        metrics   = [acuracy]
        optimizer = sgd(lr=0.1)
        epochs    = 10
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
        metrics   = [accuracy]
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
