import Source

extension DiagnosticCode {
  package static let noValidation = DiagnosticCode(
    "N211", "a rule that watches a validation there is not",
    what: """
      `early_stop` and `checkpoint` watch `val.loss` or another value of the validation, and there is no \
      `validation`.
      """,
    why: "Without examples that are kept aside the value never exists, and the rule would never act.",
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
        epochs     = 10
        early_stop = patience(3 epochs)
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
        data       = digits("train")
        validation = split(data, 0.2)
        loss       = cross_entropy(logits, label)
        optimizer  = sgd(lr=0.1)
        epochs     = 10
        early_stop = patience(3 epochs)
      }
      """))
}
