import Source

extension DiagnosticCode {
  package static let unknownSetting = DiagnosticCode(
    "N203", "a setting that does not exist",
    what: """
      `train` has a closed list of settings: data, validation, loss, metrics, optimizer, schedule, init, weights, \
      freeze, batch, accumulate, epochs, steps, seed, precision, precise, checkpoint, early_stop, on_bad.
      """,
    why: "A setting that is misspelt and ignored would train something else than was asked for.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data       = digits("train")
        loss       = cross_entropy(logits, label)
        optimizer  = sgd(lr=0.1)
        batch_size = 64
        epochs     = 10
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
        batch     = 64
        epochs    = 10
      }
      """))
}
