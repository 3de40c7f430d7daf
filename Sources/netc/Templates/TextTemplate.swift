import Datasets

/// Classes of short texts.
enum TextTemplate: Template {
  static let name = "text"
  static let summary = "names what kind a short text is: words, an embedding, an LSTM"

  static var files: [(path: String, bytes: [UInt8])] {
    [
      file(
        "text.net",
        """
        # Is the guest content? reviews.tsv is made up; put your own file with the columns `mood` and `text` in its place.
        net Mood(vocab = 200, length = 16, width = 24, classes = 2) {
          input text: index(vocab)[length]

          output logits: f32[classes] = text
            -> embed: embedding(vocab, width)
            -> lstm: lstm(width, take=last, mask=(text != 0))
            -> fc: linear(classes)
        }

        train Mood {
          target mood: index(classes)

          data       = tsv("reviews.tsv", text=text, mood=mood) -> words(vocab, length)
          validation = split(data, 0.2)

          loss       = cross_entropy(logits, mood)
          metrics    = [accuracy]
          optimizer  = adam(lr=5e-3, clip_norm=1.0)

          batch      = 32
          epochs     = 8
          seed       = 1
        }

        """),
      file("reviews.tsv", table),
    ]
  }

  private static let things = ["soup", "room", "service", "bed", "view", "breakfast", "staff", "coffee", "garden"]
  private static let good = ["lovely", "excellent", "warm", "delicious", "friendly", "quiet", "perfect"]
  private static let bad = ["awful", "cold", "dirty", "slow", "noisy", "bland", "rude"]
  private static let frames = [
    "the % was @", "we found the % @", "what a @ %", "a @ % and we will tell our friends", "our % was really @",
    "not once was the % ^",
  ]

  /// 600 sentences; in some, a word of the other kind is denied.
  private static var table: String {
    var generator = SplitMix64(seed: 11)
    func pick(_ words: [String]) -> String { words[Int(generator.next(below: UInt64(words.count)))] }
    var lines = ["mood\ttext"]
    for _ in 0..<600 {
      let isGood = generator.next(below: 2) == 1
      var sentence = ""
      for character in pick(frames) {
        switch character {
        case "%": sentence += pick(things)
        case "@": sentence += pick(isGood ? good : bad)
        case "^": sentence += pick(isGood ? bad : good)
        default: sentence.append(character)
        }
      }
      lines.append("\(isGood ? "content" : "unhappy")\t\(sentence)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
