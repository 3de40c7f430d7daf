import Source

extension DiagnosticCode {
  package static let seenTarget = DiagnosticCode(
    "N314", "a net that sees what it is to guess",
    what: """
      A net that looks only back, by causal attention or a recurrent layer, is to say for each place of a sequence what \
      stands there, and reads the same sequence as it is: each place sees its own piece.
      """,
    why: """
      The net learns to copy the piece, its loss goes to zero, and it cannot go on with a text: it has never been asked \
      what comes next. `shift_right` lets each place see what stands before it.
      """,
    wrong: Example(
      """
      net Example {
        input text: index(96)[64]
        output logits = text -> embedding(96, 32) -> attention(2, causal=true) -> linear(96)
      }

      train Example {
        data      = text("plays.txt") -> chars
        loss      = cross_entropy(logits, text)
        optimizer = adam(lr=1e-3)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input text: index(96)[64]
        output logits = text -> shift_right(start=0) -> embedding(96, 32) -> attention(2, causal=true) -> linear(96)
      }

      train Example {
        data      = text("plays.txt") -> chars
        loss      = cross_entropy(logits, text)
        optimizer = adam(lr=1e-3)
        epochs    = 10
      }
      """))
}
