import Source

extension DiagnosticCode {
  package static let unevenTransforms = DiagnosticCode(
    "N310", "a validation that is prepared otherwise than the data",
    what: """
      `data` and `validation` bring their numbers to different ranges: one has a `scale` or `normalize` that the other \
      has not. A `split` has the transforms of the data already.
      """,
    why: "The net learns from numbers of one range, and is measured on numbers of another.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data       = digits("train") -> scale(1 / 16)
        validation = digits("test")
        loss       = cross_entropy(logits, label)
        optimizer  = sgd(lr=0.1)
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
        data       = digits("train") -> scale(1 / 16)
        validation = digits("test") -> scale(1 / 16)
        loss       = cross_entropy(logits, label)
        optimizer  = sgd(lr=0.1)
        epochs     = 10
      }
      """))
}
