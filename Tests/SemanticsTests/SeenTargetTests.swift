import Semantics
import Testing

/// Which nets are told that they see what they are to guess: those that look only back and have each place's own piece before them.
@Suite struct SeenTargetTests {
  private func lines(_ flow: String, loss: String = "cross_entropy(logits, text)", more: String = "") -> [String] {
    checked(
      text: """
        block attend(causal) {
          input x: f32[t, d]
          output y = x + (x -> norm: layer_norm -> attn: attention(2, causal=causal) -> dropout(0.1))
        }
        net N {
          input text: index(9)[6]
          \(more)
          layer tok: embedding(9, 8)
          output logits = \(flow)
        }
        train N {
          target next: index(9)[6]
          data      = tensors("a.safetensors")
          loss      = \(loss)
          optimizer = sgd(lr=0.1)
          epochs    = 1
        }

        """
    ).lines.filter { !$0.contains("never used") }
  }

  @Test(arguments: [
    "text -> tok -> sinusoid -> repeat 2 { attend(true) } -> layer_norm -> linear(9)",
    "text -> tok -> attention(2, causal=true) -> gelu -> linear(9)",
    "text -> tok -> dropout(0.2) -> lstm(5, take=all) -> linear(9)",
    "text -> tok -> gru(5, layers=2, take=all, recurrent_dropout=0.2) -> linear(9)",
    "text -> tok -> rms_norm -> attend(true) -> tok.unembed",
    // One way around the shift is enough.
    "((text -> shift_right(start=0) -> tok) + (text -> tok)) -> attend(true) -> linear(9)",
  ])
  func warns(_ flow: String) {
    let warning = "N314 `logits` sees at each place of `text` the piece that it is to guess there"
    #expect(lines(flow) == [warning], "\(flow)")
    #expect(lines(flow, loss: "cross_entropy(logits, next)") == [], "\(flow)")
  }

  @Test(arguments: [
    // What stands before is all that is seen.
    "text -> shift_right(start=0) -> tok -> sinusoid -> attend(true) -> linear(9)",
    "text -> shift_right(start=0) -> tok -> lstm(5, take=all) -> linear(9)",
    // Nothing says that what follows is meant: these may give back what they get.
    "text -> tok -> linear(2) -> linear(9)",
    "text -> tok -> attend(false) -> linear(9)",
    "text -> tok -> lstm(5, take=all, bidirectional=true) -> linear(9)",
    "text -> tok -> lstm(5) -> linear(54) -> reshape([6, 9])",
    "text -> tok -> attend(true) -> flatten -> linear(3) -> linear(54) -> reshape([6, 9])",
    // A decoder that looks at a whole other sequence.
    "text -> shift_right(start=0) -> tok -> attend(true) -> attention(2, keys=memory) -> linear(9)",
  ])
  func saysNothing(_ flow: String) {
    let memory = flow.contains("memory") ? "input other: index(9)[6]\n  memory = other -> embedding(9, 8)" : ""
    #expect(lines(flow, more: memory) == [], "\(flow)")
  }
}
