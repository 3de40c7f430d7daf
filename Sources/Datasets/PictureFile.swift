/// A file that holds one picture, JPEG or PNG by its first bytes, whatever its name says.
enum PictureFile {
  /// The picture at `path` as it should be seen, of 1 or 3 channels. Throws `noInput` and `badData`.
  /// - Parameter enough: the shortest side that is needed, where a smaller picture will be made of it; a large JPEG picture is then
  ///   decoded at a half, a quarter or an eighth of its size.
  static func read(_ path: String, channels: Int, enough: Int? = nil) throws(DataError) -> Picture {
    let file = try content(path)
    if isPNG(file) {
      guard let picture = try PNGLibrary.load(for: path).decode(file, path: path) else { throw unknown(file, path) }
      return picture.converted(channels: channels)
    }
    guard isJPEG(file), let picture = try JPEGLibrary.load(for: path).decode(file, path: path, enough: enough) else {
      throw unknown(file, path)
    }
    return picture.oriented(EXIFOrientation.find(in: file)).converted(channels: channels)
  }

  /// Reads no more than needed to know that the file is a picture of a size that can be decoded. Throws as `read` does.
  static func check(_ path: String, enough: Int? = nil) throws(DataError) {
    let file = try content(path)
    if isPNG(file) {
      _ = try PNGLibrary.load(for: path).decode(file, path: path, headerOnly: true)
    } else if isJPEG(file) {
      _ = try JPEGLibrary.load(for: path).decode(file, path: path, enough: enough, headerOnly: true)
    } else {
      throw unknown(file, path)
    }
  }

  private static func content(_ path: String) throws(DataError) -> [UInt8] {
    let file = try InputFile(path)
    guard file.size <= PictureLimits.fileBytes else {
      throw DataError(
        .badData, path, "has \(file.size) bytes, too many for a picture",
        help: "make it smaller, or leave it out with `on_bad = skip`")
    }
    return try file.bytes()
  }

  private static func isPNG(_ file: [UInt8]) -> Bool { file.starts(with: PNGChunks.signature) }

  private static func isJPEG(_ file: [UInt8]) -> Bool { file.starts(with: [0xFF, 0xD8, 0xFF]) }

  private static func unknown(_ file: [UInt8], _ path: String) -> DataError {
    guard !file.isEmpty else { return DataError(.badData, path, "is empty, expected a JPEG or PNG picture") }
    let kinds: [(start: String, name: String)] = [
      ("GIF8", "GIF"), ("BM", "BMP"), ("RIFF", "WebP"), ("II*", "TIFF"), ("MM", "TIFF"), ("<", "text"),
    ]
    let found = kinds.first { file.starts(with: $0.start.utf8) }
    return DataError(
      .badData, path, "is neither a JPEG nor a PNG picture" + (found.map { ", it looks like \($0.name)" } ?? ""),
      help: "convert it to PNG, or leave such files out with `on_bad = skip`")
  }
}

/// How a camera was held, from a JPEG file's EXIF data.
enum EXIFOrientation {
  /// The value of tag 0x0112 in the first directory, 1 ... 8; 1 when there is none that can be read.
  static func find(in file: [UInt8]) -> Int {
    var place = 2
    // Segments: FF, kind, length with itself. The pixels follow kind DA.
    while place + 4 <= file.count, file[place] == 0xFF, file[place + 1] != 0xDA {
      if file[place + 1] == 0xFF {
        place += 1
        continue
      }
      let length = Int(file[place + 2]) << 8 | Int(file[place + 3])
      guard length >= 2, place + 2 + length <= file.count else { return 1 }
      let content = file[(place + 4)..<(place + 2 + length)]
      if file[place + 1] == 0xE1, content.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
        return orientation(Array(content.dropFirst(6))) ?? 1
      }
      place += 2 + length
    }
    return 1
  }

  private static func orientation(_ directory: [UInt8]) -> Int? {
    guard directory.count >= 8 else { return nil }
    let isLittle = directory.starts(with: [0x49, 0x49])
    guard isLittle || directory.starts(with: [0x4D, 0x4D]) else { return nil }
    func number(_ place: Int, _ count: Int) -> Int? {
      guard place >= 0, place + count <= directory.count else { return nil }
      let bytes = directory[place..<(place + count)]
      return isLittle ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let start = number(4, 4), let count = number(start, 2) else { return nil }
    for entry in 0..<count {
      let place = start + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      if tag == 0x0112 { return number(place + 8, 2).flatMap { (1...8).contains($0) ? $0 : nil } }
    }
    return nil
  }
}
