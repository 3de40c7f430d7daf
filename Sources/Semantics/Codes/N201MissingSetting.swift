import Source

extension DiagnosticCode {
  package static let missingSetting = DiagnosticCode(
    "N201", "a setting that training needs",
    what: "A `train` section needs `data`, `loss`, `optimizer`, and `epochs` or `steps`.",
    why: "None of them has a value that would be right for every net.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data   = digits("train")
        loss   = cross_entropy(logits, label)
        epochs = 10
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
        epochs    = 10
      }
      """))
}
