import Source

extension DiagnosticCode {
  package static let settingValue = DiagnosticCode(
    "N206", "a setting with a value it cannot have",
    what: """
      The setting takes something else: a source of data, an optimizer, a schedule, a number, or one of a few \
      words.
      """,
    why: "The message names what is allowed. Where a word is close to one that exists, that is offered.",
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
        optimizer = adma(lr=1e-3)
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
