import Source

extension DiagnosticCode {
  package static let unknownNet = DiagnosticCode(
    "N207", "a training section for a net that does not exist",
    what: "`train Name { … }` trains the net `Name` of the same file.",
    why: "A block is a part of nets and cannot be trained alone.",
    wrong: Example(
      """
      net Example {
        input image: f32[1, 8, 8]
        output logits = image -> flatten -> linear(10)
      }

      train Exampel {
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
