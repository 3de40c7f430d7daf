import Source

extension DiagnosticCode {
  package static let dataFit = DiagnosticCode(
    "N214", "data that is not what the net takes",
    what: """
      A source gives examples of a certain kind: `digits` pictures of 8 x 8 pixels, `csv` rows of numbers, `text` \
      windows of a text. Here the net's inputs and targets are of another kind, or a transform changes what this source \
      does not have.
      """,
    why: """
      A run would stop at the same place when it opens the data. What can be known without opening a file is told \
      before.
      """,
    wrong: Example(
      """
      net Example {
        input image: f32[1, 28, 28]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data      = digits("train") -> scale(1 / 16)
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
        data      = digits("train") -> scale(1 / 16)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
