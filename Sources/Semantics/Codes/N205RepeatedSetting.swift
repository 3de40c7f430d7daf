import Source

extension DiagnosticCode {
  package static let repeatedSetting = DiagnosticCode(
    "N205", "a setting given twice",
    what: "Each setting of a `train` section stands in one line.",
    why: """
      The second would silently replace the first, or the other way round. To try another value once, use `--set \
      batch=64`.
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
        optimizer = sgd(lr=0.1)
        optimizer = adam(lr=1e-3)
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
        optimizer = adam(lr=1e-3)
        epochs    = 10
      }
      """))
}
