import Source

extension DiagnosticCode {
  package static let notSupported = DiagnosticCode(
    "N125", "a word that this version cannot build yet",
    what: """
      The word belongs to the language, or the argument to the word, but this version of netc cannot expand it.
      """,
    why: "It says so instead of leaving it out.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        layer norm: batch_norm
        output logits = x -> norm -> linear(3)
      }

      train Example {
        target label: index(3)
        data      = csv("table.csv", x=[a, b, c, d], label=kind)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output logits = x -> norm: batch_norm -> linear(3)
      }

      train Example {
        target label: index(3)
        data      = csv("table.csv", x=[a, b, c, d], label=kind)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
