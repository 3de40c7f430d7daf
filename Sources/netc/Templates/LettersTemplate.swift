/// A language model of characters.
enum LettersTemplate: Template {
  static let name = "letters"
  static let summary = "writes on, letter by letter, as the text that it has read: a small Transformer"

  static var files: [(path: String, bytes: [UInt8])] {
    [
      file(
        "letters.net",
        """
        # What comes next? A causal Transformer that guesses the next character. sums.txt is made by netc: put any long text in its
        # place. Afterwards: netc predict RUN "3 + 4 = "
        block attend(heads, drop) {
          input x: f32[t, d]
          output y = x + (x -> norm: layer_norm -> attn: attention(heads, causal=true) -> dropout(drop))
        }

        block think(ff, drop) {
          input x: f32[t, d]
          output y = x + (x -> norm: layer_norm -> wi: linear(ff) -> gelu -> wo: linear(d) -> dropout(drop))
        }

        net Letters(vocab = 64, length = 48, d = 32, heads = 4, layers = 2, drop = 0) {
          input text: index(vocab)[length]

          # What a place reads is what stands before it; 0 stands before the first.
          output logits: f32[length, vocab] = text
            -> shift_right(start=0) -> tok: embedding(vocab, d) -> sinusoid -> dropout(drop)
            -> blocks: repeat layers { attend(heads, drop) -> think(4 * d, drop) }
            -> norm: layer_norm -> head: linear(vocab)
        }

        train Letters {
          data       = text("sums.txt") -> chars
          validation = split(data, 0.1)

          loss       = cross_entropy(logits, text)
          metrics    = [perplexity]
          optimizer  = adam(lr=3e-3, clip_norm=1.0)

          batch      = 16
          epochs     = 8
          seed       = 1
        }

        """),
      file("sums.txt", sums),
    ]
  }

  /// All sums of numbers below 50 in a mixed order.
  private static var sums: String {
    let count = 2500
    // 1,009 has no common divisor with 2,500, so that each pair comes once.
    return (0..<count).map { index in
      let pair = index * 1009 % count
      return "\(pair / 50) + \(pair % 50) = \(pair / 50 + pair % 50).\n"
    }.joined()
  }
}
