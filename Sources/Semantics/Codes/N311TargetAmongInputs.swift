import Source

extension DiagnosticCode {
  package static let targetAmongInputs = DiagnosticCode(
    "N311", "a target among the inputs",
    what: """
      A column of the table is part of a target and of an input. An input that has all the columns of a target and no \
      other is not meant: a net may learn to give back what it gets.
      """,
    why: "The net learns to copy the column, is right at once, and is of no use where the answer is not known.",
    wrong: Example(
      """
      net Example {
        input x: f32[3]
        output logits = x -> linear(3)
      }

      train Example {
        target kind: index(3)
        data      = csv("flowers.csv", x=[0, 1, 2], kind=2)
        loss      = cross_entropy(logits, kind)
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
        target kind: index(3)
        data      = csv("flowers.csv", x=[0, 1], kind=2)
        loss      = cross_entropy(logits, kind)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
