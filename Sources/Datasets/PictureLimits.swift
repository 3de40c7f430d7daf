/// What a picture file may ask for. All of it is known from the file's size and its headers, before anything is decoded: a few bytes can
/// declare any picture.
enum PictureLimits {
  /// Pixels of a picture that is decoded as it is.
  static let wholePixels = 1 << 24
  /// Pixels from which a JPEG picture is decoded at a fraction of its size where that is enough.
  static let reducedFrom = 1 << 23
  /// Pixels of a file of any size. Larger pictures must have a byte for so many pixels, as all photographs do.
  static let freePixels = 1 << 22
  static let pixelsPerByte = 40
  /// Bytes of a file.
  static let fileBytes = 48 << 20
  /// Bytes of the coefficients that a decoder keeps between the scans of a progressive JPEG picture.
  static let coefficientBytes = 1 << 27
  /// Pixels times scans of a progressive JPEG picture: each scan passes over the whole picture.
  static let scannedPixels = 1 << 29

  /// Throws `badData` when a file of `bytes` may not hold a picture of this size; `divisor` is the part of each side that is decoded,
  /// `weight` how many times the bytes of three colours a pixel has.
  static func check(
    _ path: String, width: Int, height: Int, divisor: Int = 1, weight: Double = 1, bytes: Int
  ) throws(DataError) {
    guard let pixels = Picture.byteCount(width: width, height: height, channels: 1) else {
      throw DataError(
        .badData, path, "declares a picture of \(width) x \(height), expected 1 to \(Picture.mostPixels) pixels",
        help: "make it smaller, or leave it out with `on_bad = skip`")
    }
    let weighed = Int(Double(pixels) * max(1, weight))
    guard weighed <= freePixels || weighed / pixelsPerByte <= bytes else {
      throw DataError(
        .badData, path, "declares a picture of \(width) x \(height) in \(bytes) bytes, as no photograph would",
        help: "save it anew, smaller, or leave it out with `on_bad = skip`")
    }
    guard weighed / (divisor * divisor) <= wholePixels else {
      throw DataError(
        .badData, path, "is \(width) x \(height): more than \(wholePixels) pixels are too many to be decoded whole",
        help: "let `resize(…)` to a much smaller size come first (JPEG), or make it smaller")
    }
  }
}

/// What the headers of a JPEG file say of the work that it makes.
struct JPEGStructure {
  /// Whether the picture comes in several scans, between which everything is kept.
  private(set) var isProgressive = false
  /// The scans, where it is progressive.
  private(set) var scans = 0

  init(_ file: [UInt8]) {
    var place = 2
    // Segments: FF, kind, length with itself. The pixels follow kind DA.
    while place + 4 <= file.count, file[place] == 0xFF, file[place + 1] != 0xDA {
      if file[place + 1] == 0xFF {
        place += 1
        continue
      }
      if [0xC2, 0xC6, 0xCA, 0xCE].contains(file[place + 1]) { isProgressive = true }
      place += 2 + max(2, Int(file[place + 2]) << 8 | Int(file[place + 3]))
    }
    guard isProgressive, place < file.count else { return }
    file.withUnsafeBufferPointer { bytes in
      for index in place..<(bytes.count - 1) where bytes[index] == 0xFF && bytes[index + 1] == 0xDA { scans += 1 }
    }
  }

  /// Throws `badData` when decoding would take too long or too much memory. `density` is the numbers kept for each pixel.
  func check(_ path: String, pixels: Int, density: Double) throws(DataError) {
    guard isProgressive else { return }
    guard Double(pixels) * 2 * density <= Double(PictureLimits.coefficientBytes),
      scans <= PictureLimits.scannedPixels / max(1, pixels)
    else {
      throw DataError(
        .badData, path, "is a progressive JPEG picture of \(pixels) pixels in \(scans) scans, too much to decode",
        help: "save it anew as an ordinary JPEG, or leave it out with `on_bad = skip`")
    }
  }
}
