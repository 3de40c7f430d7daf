import Source

extension DiagnosticCode {
  package static let batchStatistics = DiagnosticCode(
    "N213", "statistics over a single value",
    what: """
      In training `batch_norm` takes mean and deviation over the batch and all places. Here there is one value.
      """,
    why: "The deviation of one value is zero: everything the layers before computed would be lost.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output logits = x -> linear(8, bias=false) -> batch_norm -> linear(3)
      }

      train Example {
        target label: index(3)
        data      = csv("table.csv", x=[a, b, c, d], label=kind)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        batch     = 1
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output logits = x -> linear(8, bias=false) -> batch_norm -> linear(3)
      }

      train Example {
        target label: index(3)
        data      = csv("table.csv", x=[a, b, c, d], label=kind)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        batch     = 16
        epochs    = 10
      }
      """))
}
