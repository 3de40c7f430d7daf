#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A change of pictures while they are still bytes of 0 ... 255.
package enum PictureTransform: Hashable, Sendable {
  /// The short side becomes this long, the other in proportion.
  case resizeShort(Int)
  case resize(height: Int, width: Int)
  case centerCrop(height: Int, width: Int)
  /// A part at a random place, after a black border of `pad` pixels was added.
  case randomCrop(height: Int, width: Int, pad: Int)
  /// A random part with a share of the area within `scale` and width / height within `ratio`, brought to a size.
  case randomResizedCrop(height: Int, width: Int, scale: ClosedRange<Double>, ratio: ClosedRange<Double>)
  /// Left and right exchanged with this probability.
  case flip(Double)
  /// Turned by up to so many degrees either way.
  case rotate(Double)
  /// Factors within 1 ± these, in a random order.
  case jitter(brightness: Double, contrast: Double, saturation: Double)
  /// So many black squares of this size around random places (DeVries and Taylor 2017).
  case cutout(size: Int, holes: Int)

  /// The word of the language.
  package var word: String {
    switch self {
    case .resizeShort, .resize: "resize"
    case .centerCrop: "center_crop"
    case .randomCrop: "random_crop"
    case .randomResizedCrop: "random_resized_crop"
    case .flip: "flip"
    case .rotate: "rotate"
    case .jitter: "jitter"
    case .cutout: "cutout"
    }
  }
}

extension PictureTransform {
  /// Whether it draws random numbers.
  var isRandom: Bool {
    switch self {
    case .resizeShort, .resize, .centerCrop: false
    case .randomCrop, .randomResizedCrop, .flip, .rotate, .jitter, .cutout: true
    }
  }

  /// Whether pictures keep the size that they have.
  package var keepsSize: Bool {
    switch self {
    case .flip, .rotate, .jitter, .cutout: true
    case .resizeShort, .resize, .centerCrop, .randomCrop, .randomResizedCrop: false
    }
  }

  /// The size that it gives to every picture; nil when that depends on the picture.
  package var fixedSize: (height: Int, width: Int)? {
    switch self {
    case .resize(let height, let width), .centerCrop(let height, let width), .randomCrop(let height, let width, _),
      .randomResizedCrop(let height, let width, _, _):
      (height, width)
    case .resizeShort, .flip, .rotate, .jitter, .cutout: nil
    }
  }

  /// The longest side of what it makes of a whole picture or the smallest part of one, as if the part were the whole; nil where it keeps
  /// the pixels as they are.
  var resizedSide: Int? {
    switch self {
    case .resizeShort(let short): short
    case .resize(let height, let width): max(height, width)
    case .randomResizedCrop(let height, let width, let scale, _):
      scale.lowerBound > 0
        ? Int(exactly: (Double(max(height, width)) / scale.lowerBound.squareRoot()).rounded(.up)) : nil
    case .centerCrop, .randomCrop, .flip, .rotate, .jitter, .cutout: nil
    }
  }

  private var strengths: [Double] {
    switch self {
    case .flip(let probability): [probability]
    case .rotate(let degrees): [degrees]
    case .jitter(let brightness, let contrast, let saturation): [brightness, contrast, saturation]
    case .randomResizedCrop(_, _, let scale, let ratio):
      [scale.lowerBound, scale.upperBound, ratio.lowerBound, ratio.upperBound]
    case .resizeShort, .resize, .centerCrop, .randomCrop, .cutout: []
    }
  }

  /// Throws `description` when its result would be larger than any picture may be, or its numbers mean nothing.
  func check() throws(DataError) {
    for number in strengths where !(number >= 0 && number <= 1e6) {
      throw DataError(.description, nil, "\(word) by \(number) means nothing")
    }
    if case .cutout(_, let holes) = self, holes > Self.mostHoles {
      throw DataError(
        .description, nil, "cutout of \(holes) holes leaves nothing of a picture, the most are \(Self.mostHoles)")
    }
    var sides = fixedSize.map { [$0.height, $0.width] } ?? []
    if case .resizeShort(let short) = self { sides = [short, short] }
    if case .randomCrop(_, _, let pad) = self, pad > Picture.mostPixels { sides = [pad, pad] }
    guard let height = sides.first, let width = sides.last else { return }
    guard Picture.byteCount(width: width, height: height, channels: 1) != nil else {
      throw DataError(
        .description, nil, "\(word) would make pictures of \(height) x \(width), more than \(Picture.mostPixels) pixels"
      )
    }
  }

  private static let mostHoles = 64

  /// The changed picture. Without a `generator` nothing is left to chance: crops are taken from the middle, and what is only there to
  /// vary pictures does nothing. Throws `badData` when the picture's size does not allow it.
  func apply(to picture: Picture, path: String, _ generator: inout SplitMix64?) throws(DataError) -> Picture {
    switch self {
    case .resizeShort(let short):
      guard let size = picture.size(shortSide: short) else {
        throw DataError(.badData, path, "is \(picture.size), too long for `resize(\(short))`")
      }
      return picture.resized(width: size.width, height: size.height)
    case .resize(let height, let width): return picture.resized(width: width, height: height)
    case .centerCrop(let height, let width): return picture.centerCropped(width: width, height: height)
    case .randomCrop(let height, let width, let pad):
      let (rows, columns) = (picture.height + 2 * pad - height, picture.width + 2 * pad - width)
      guard rows >= 0, columns >= 0 else {
        throw DataError(
          .badData, path, "is \(picture.size), too small for `random_crop(\(height), \(width))`",
          help: "write a `resize` before it, or give it a `pad`")
      }
      guard generator != nil else { return picture.centerCropped(width: width, height: height) }
      let top = generator.below(rows + 1) - pad
      return picture.cropped(left: generator.below(columns + 1) - pad, top: top, width: width, height: height)
    case .randomResizedCrop(let height, let width, let scale, let ratio):
      let part = Self.part(of: picture, scale: scale, ratio: ratio, &generator)
      return picture.resized(
        left: part.left, top: part.top, width: part.width, height: part.height, to: width, height)
    case .flip(let probability):
      guard generator != nil else { return picture }
      return generator.uniform(0...1) < probability ? picture.flipped : picture
    case .rotate(let degrees):
      guard generator != nil else { return picture }
      return picture.rotated(degrees: generator.uniform(-degrees...degrees))
    case .jitter(let brightness, let contrast, let saturation):
      guard generator != nil else { return picture }
      var order: [Int32] = [0, 1, 2]
      generator?.shuffle(&order)
      let factors = [brightness, contrast, saturation].map { Float(generator.uniform(max(0, 1 - $0)...(1 + $0))) }
      var result = picture
      for change in order {
        switch change {
        case 0: if brightness > 0 { result = result.brightened(factors[0]) }
        case 1: if contrast > 0 { result = result.contrasted(factors[1]) }
        default: if saturation > 0 { result = result.saturated(factors[2]) }
        }
      }
      return result
    case .cutout(let size, let holes):
      guard generator != nil else { return picture }
      var result = picture
      for _ in 0..<holes {
        let (x, y) = (generator.below(picture.width), generator.below(picture.height))
        result = result.cutOut(left: x - size / 2, top: y - size / 2, size: size)
      }
      return result
    }
  }

  /// The part that `random_resized_crop` takes, drawn as torchvision draws it: ten tries, then the largest middle part of an allowed
  /// shape.
  private static func part(
    of picture: Picture, scale: ClosedRange<Double>, ratio: ClosedRange<Double>, _ generator: inout SplitMix64?
  ) -> (left: Int, top: Int, width: Int, height: Int) {
    let area = Double(picture.width * picture.height)
    if generator != nil {
      for _ in 0..<10 {
        let target = area * generator.uniform(scale)
        let shape = exp(generator.uniform(log(ratio.lowerBound)...log(ratio.upperBound)))
        let width = (target * shape).squareRoot().rounded(.toNearestOrEven)
        let height = (target / shape).squareRoot().rounded(.toNearestOrEven)
        guard width >= 1, height >= 1, width <= Double(picture.width), height <= Double(picture.height) else {
          continue
        }
        let top = generator.below(picture.height - Int(height) + 1)
        return (generator.below(picture.width - Int(width) + 1), top, Int(width), Int(height))
      }
    }
    var (width, height) = (picture.width, picture.height)
    let own = Double(width) / Double(height)
    if own < ratio.lowerBound {
      height = max(1, Int((Double(width) / ratio.lowerBound).rounded(.toNearestOrEven)))
    } else if own > ratio.upperBound {
      width = max(1, Int((Double(height) * ratio.upperBound).rounded(.toNearestOrEven)))
    }
    return ((picture.width - width) / 2, (picture.height - height) / 2, width, height)
  }
}

extension SplitMix64? {
  /// A number in `range`; its lower end without a generator.
  fileprivate mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (self?.nextUniform() ?? 0) * (range.upperBound - range.lowerBound)
  }

  /// A whole number in `0 ..< bound`; 0 without a generator.
  fileprivate mutating func below(_ bound: Int) -> Int { Int(self?.next(below: UInt64(bound)) ?? 0) }
}
