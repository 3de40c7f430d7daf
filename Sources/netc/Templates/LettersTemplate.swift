import Datasets

/// A language model of characters.
enum LettersTemplate: Template {
  static let name = "letters"
  static let summary = "writes on, letter by letter, as the text that it has read: a small Transformer"

  static var files: [(path: String, bytes: [UInt8])] {
    [
      file(
        "letters.net",
        """
        # What comes next? A causal Transformer that guesses the next character. sentences.txt is made up by netc: put any long text
        # in its place. Afterwards: netc predict RUN "two old "
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
          data       = text("sentences.txt") -> chars
          validation = split(data, 0.1)

          loss       = cross_entropy(logits, text)
          metrics    = [perplexity]
          optimizer  = adam(lr=3e-3, clip_norm=1.0)
          schedule   = warmup(1 epochs) -> cosine

          batch      = 16
          epochs     = 12
          seed       = 1
        }

        """),
      file("sentences.txt", sentences),
    ]
  }

  private static let numbers = ["one", "two", "three"]
  private static let qualities = ["small", "old", "grey", "happy"]
  private static let animals = ["cat", "dog", "bird", "horse"]
  private static let verbs = ["sleep", "wait", "sing", "run"]
  private static let places = ["under the tree", "by the river", "in the garden", "behind the house"]

  /// 1,200 sentences in which the noun and the verb agree with the number.
  private static var sentences: String {
    var generator = SplitMix64(seed: 5)
    func pick(_ words: [String]) -> String { words[Int(generator.next(below: UInt64(words.count)))] }
    return (0..<1200).map { _ in
      let number = pick(numbers)
      let (noun, verb) = number == "one" ? ("", "s") : ("s", "")
      return "\(number) \(pick(qualities)) \(pick(animals))\(noun) \(pick(verbs))\(verb) \(pick(places)).\n"
    }.joined()
  }
}
