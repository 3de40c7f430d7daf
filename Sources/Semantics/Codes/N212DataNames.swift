import Source

extension DiagnosticCode {
  package static let dataNames = DiagnosticCode(
    "N212", "data for a tensor the net does not have",
    what: """
      A source such as `csv` gives each input and each target its columns, by the name of the tensor. A name is \
      wrong, or a tensor has no columns.
      """,
    why: "The names of the net are the link between a file and the tensors; nothing is matched by position.",
    wrong: Example(
      """
      net Example {
        input x: f32[2]
        output logits = x -> linear(3)
      }

      train Example {
        target label: index(3)
        data      = csv("table.csv", x=[a, b], lable=kind)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[2]
        output logits = x -> linear(3)
      }

      train Example {
        target label: index(3)
        data      = csv("table.csv", x=[a, b], label=kind)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
