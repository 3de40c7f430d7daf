import Datasets

/// Pictures in folders.
enum PhotosTemplate: Template {
  static let name = "photos"
  static let summary = "names what is in a picture, from a folder of pictures for each class"

  static var files: [(path: String, bytes: [UInt8])] {
    [
      file(
        "photos.net",
        """
        # What is in the picture? Each folder in photos/ is a class. The circles and squares there are drawn by netc: put folders
        # of your own photographs, JPEG or PNG, in their place, and larger numbers in place of 32.
        net Photos(classes = 2) {
          input image: f32[3, 32, 32]

          output logits: f32[classes] = image
            -> conv1: conv(16, 3, pad=1) -> relu -> max_pool(2)
            -> conv2: conv(32, 3, pad=1) -> relu -> max_pool(2)
            -> conv3: conv(64, 3, pad=1) -> relu -> adaptive_avg_pool(1)
            -> flatten -> fc: linear(classes)
        }

        train Photos {
          target label: index(classes)

          data       = image_folder("photos") -> resize(32, 32) -> flip(0.5) -> scale(1 / 255)
          validation = split(data, 0.2)

          loss       = cross_entropy(logits, label)
          metrics    = [accuracy]
          optimizer  = adam(lr=3e-3)

          batch      = 20
          epochs     = 40
          seed       = 1
        }

        """)
    ]
      + (0..<160).map { index in
        let shape = index % 2 == 0 ? "circle" : "square"
        let number = String(index / 2)
        let name = String(repeating: "0", count: 3 - number.count) + number
        return ("photos/\(shape)/\(name).png", picture(index))
      }
  }

  private static let side = 32

  /// A disc or a square of some colour, size and place on another colour.
  private static func picture(_ index: Int) -> [UInt8] {
    var generator = SplitMix64(seed: UInt64(index) &+ 1)
    func draw(_ low: Double, _ high: Double) -> Double { low + generator.nextUniform() * (high - low) }
    let ground = (0..<3).map { _ in draw(0, 110) }
    let colour = (0..<3).map { _ in draw(130, 255) }
    let radius = draw(6, 12)
    let (x, y) = (draw(radius, 31 - radius), draw(radius, 31 - radius))
    var bytes: [UInt8] = []
    for row in 0..<side {
      for column in 0..<side {
        let (dx, dy) = (abs(Double(column) - x), abs(Double(row) - y))
        let isInside = index % 2 == 0 ? dx * dx + dy * dy < radius * radius : max(dx, dy) < radius * 0.86
        for channel in 0..<3 {
          bytes.append(UInt8(min(255, max(0, (isInside ? colour : ground)[channel] + draw(-12, 12)))))
        }
      }
    }
    return PNGWriter.file(width: side, height: side, channels: 3, bytes: bytes)
  }
}
