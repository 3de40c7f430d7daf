import Source

extension DiagnosticCode {
  package static let cutScores = DiagnosticCode(
    "N306", "logits that cannot be negative",
    what: """
      What `cross_entropy` or `binary_cross_entropy` compares ends with `relu`, which makes every negative logit \
      0.
      """,
    why: """
      Logits may be any number, and a class is ruled out by a negative one. The last layer of a classifier has no \
      activation.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10) -> relu
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
