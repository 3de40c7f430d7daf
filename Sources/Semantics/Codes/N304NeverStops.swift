import Source

extension DiagnosticCode {
  package static let neverStops = DiagnosticCode(
    "N304", "a rule that has no effect",
    what: """
      `early_stop` or `checkpoint` watches a value of the validation, and `validation` is `none`; or `early_stop` waits \
      longer than training takes, a `warmup` lasts longer, or the first change of a `step` comes after its end.
      """,
    why: "The rule stays in the file and never acts.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data       = digits("train")
        validation = none
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
        validation = digits("test")
        loss       = cross_entropy(logits, label)
        optimizer  = sgd(lr=0.1)
        epochs     = 10
        early_stop = patience(3 epochs)
      }
      """))
}
