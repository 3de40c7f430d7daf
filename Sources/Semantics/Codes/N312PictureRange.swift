import Source

extension DiagnosticCode {
  package static let pictureRange = DiagnosticCode(
    "N312", "pictures up to 255, normalised as if they were up to 1",
    what: """
      The numbers of a picture from a file are 0 for black and 255 for white. `normalize` takes away a mean and divides by a \
      deviation; both are so small here that they were meant for pictures from 0 to 1, as other libraries give them. \
      `normalize(imagenet)` needs no `scale`: it looks at what black and white are.
      """,
    why: "The net gets numbers of up to a thousand. It learns slowly from them, badly, or not at all.",
    wrong: Example(
      """
      net Example {
        input image: f32[3, 32, 32]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data      = image_folder("photos") -> resize(32, 32) -> normalize(0.5, 0.25)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input image: f32[3, 32, 32]
        output logits = image -> flatten -> linear(10)
      }

      train Example {
        target label: index(10)
        data      = image_folder("photos") -> resize(32, 32) -> scale(1 / 255) -> normalize(0.5, 0.25)
        loss      = cross_entropy(logits, label)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
