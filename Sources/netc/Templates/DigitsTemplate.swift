/// Pictures of digits, which come with netc.
enum DigitsTemplate: Template {
  static let name = "digits"
  static let summary = "names the digit in a small grey picture: convolutions, on data that comes with netc"

  static let files = [
    file(
      "digits.net",
      """
      # Which digit is it? 1,797 pictures of 8x8 pixels that come with netc.
      net Digits(classes = 10) {
        input image: f32[1, 8, 8]

        output logits: f32[classes] = image
          -> conv1: conv(32, 3, pad=1) -> relu
          -> conv2: conv(64, 3, pad=1) -> relu -> max_pool(2)
          -> flatten -> dropout(0.25)
          -> fc1: linear(128) -> relu
          -> fc2: linear(classes)
      }

      train Digits {
        target label: index(classes)

        data       = digits("train") -> scale(1 / 16)
        validation = digits("test") -> scale(1 / 16)

        loss       = cross_entropy(logits, label)
        metrics    = [accuracy]
        optimizer  = adam(lr=1e-3)

        batch      = 32
        epochs     = 10
        seed       = 1
      }

      """)
  ]
}
