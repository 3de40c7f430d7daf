#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The simplified interface of libpng 1.6, opened at run time.
struct PNGLibrary: Sendable {
  /// A `png_image`, which Swift cannot spell: see `Field`.
  typealias Image = UnsafeMutableRawPointer
  typealias Begin = @convention(c) (Image, UnsafeRawPointer, Int) -> Int32
  typealias Read =
    @convention(c) (Image, UnsafeRawPointer?, UnsafeMutableRawPointer, Int32, UnsafeMutableRawPointer?) -> Int32
  typealias Free = @convention(c) (Image) -> Void

  let begin: Begin
  let read: Read
  let free: Free

  #if canImport(Glibc)
    static let fileName = "libpng16.so.16"
  #else
    static let fileName = "libpng16.16.dylib"
  #endif

  private static let shared = open(fileName)

  /// Throws `noInput`, naming the packages that have it; `path` is the file that needs it.
  static func load(for path: String, fileName: String = Self.fileName) throws(DataError) -> PNGLibrary {
    guard let library = fileName == Self.fileName ? shared : open(fileName) else {
      throw DataError(
        .noInput, path, "is a PNG picture, and libpng (\(fileName)) is not installed",
        help: "install the package libpng16-16 (Debian, Ubuntu) or libpng (Fedora, Alpine, Arch)")
    }
    return library
  }

  private static func open(_ fileName: String) -> PNGLibrary? {
    guard let library = dlopen(fileName, RTLD_NOW),
      let begin = dlsym(library, "png_image_begin_read_from_memory"),
      let read = dlsym(library, "png_image_finish_read"),
      let free = dlsym(library, "png_image_free")
    else { return nil }
    return PNGLibrary(
      begin: unsafeBitCast(begin, to: Begin.self), read: unsafeBitCast(read, to: Read.self),
      free: unsafeBitCast(free, to: Free.self))
  }
}

extension PNGLibrary {
  /// Where the members of a `png_image` lie: a pointer, seven numbers of 32 bits, a message of 64 bytes.
  private enum Field {
    static let version = 8, width = 12, height = 16, format = 20, flags = 24, message = 36, size = 104
  }

  // Numbers of png.h.
  private static let alphaFlag: UInt32 = 1
  private static let colourFlag: UInt32 = 2
  private static let deepValuesAreNotLinear: UInt32 = 4

  /// The picture in `file`, the content of `path`, grey or of three colours; only its size is read and checked when `headerOnly`.
  /// Transparency is dropped, as Pillow's `convert("RGB")` does, and 16 bits become 8. Throws `badData`.
  func decode(_ file: [UInt8], path: String, headerOnly: Bool = false) throws(DataError) -> Picture? {
    let essence = try PNGChunks.essence(of: file, path: path)
    // libpng keeps the address from its first call to its last.
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: essence.count, alignment: 8)
    source.copyBytes(from: essence)
    defer { source.deallocate() }
    let image = Image.allocate(byteCount: Field.size, alignment: 8)
    image.initializeMemory(as: UInt8.self, repeating: 0, count: Field.size)
    defer { image.deallocate() }
    image.storeBytes(of: 1, toByteOffset: Field.version, as: UInt32.self)
    defer { free(image) }
    guard begin(image, source.baseAddress!, source.count) != 0 else { throw damaged(image, path) }
    let width = Int(image.load(fromByteOffset: Field.width, as: UInt32.self))
    let height = Int(image.load(fromByteOffset: Field.height, as: UInt32.self))
    let format = image.load(fromByteOffset: Field.format, as: UInt32.self) & (Self.alphaFlag | Self.colourFlag)
    let channels = format & Self.colourFlag != 0 ? 3 : 1
    let hasAlpha = format & Self.alphaFlag != 0
    try PictureLimits.check(
      path, width: width, height: height, weight: PNGChunks.weight(of: file), bytes: file.count)
    if headerOnly { return nil }
    let count = width * height * (channels + (hasAlpha ? 1 : 0))
    image.storeBytes(of: format, toByteOffset: Field.format, as: UInt32.self)
    image.storeBytes(of: Self.deepValuesAreNotLinear, toByteOffset: Field.flags, as: UInt32.self)
    var status: Int32 = 0
    var bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      status = read(image, nil, buffer.baseAddress!, 0, nil)
      initialized = count
    }
    guard status != 0 else { throw damaged(image, path) }
    if hasAlpha {
      for pixel in 0..<(width * height) {
        for channel in 0..<channels { bytes[channels * pixel + channel] = bytes[(channels + 1) * pixel + channel] }
      }
      bytes.removeLast(width * height)
    }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  private func damaged(_ image: Image, _ path: String) -> DataError {
    let message = String(cString: (image + Field.message).assumingMemoryBound(to: CChar.self))
    return DataError(
      .badData, path, "cannot be decoded as PNG: \(message)",
      help: "the file is damaged; `on_bad = skip` leaves such files out")
  }
}

/// The parts of a PNG file.
enum PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let needed = ["IHDR", "PLTE", "IDAT", "IEND"]

  /// The file with nothing but its pixels: no gamma, colour profile or transparent colour, which Pillow does not apply either, and no
  /// compressed text. Throws `badData` when the chunks do not fit into the file.
  static func essence(of file: [UInt8], path: String) throws(DataError) -> [UInt8] {
    var result = signature
    var place = signature.count
    while place < file.count {
      guard file.count - place >= 12 else { throw cut(path, file.count) }
      let length = file[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - place - 12 else { throw cut(path, file.count) }
      let end = place + 12 + length
      let name = String(decoding: file[(place + 4)..<(place + 8)], as: UTF8.self)
      if needed.contains(name) { result += file[place..<end] }
      if name == "IEND" { return result }
      place = end
    }
    throw cut(path, file.count)
  }

  /// The bytes of a pixel as it is compressed, over those of three colours of a byte each.
  static func weight(of file: [UInt8]) -> Double {
    // Behind the signature, the head of the first chunk and the two sizes: bits of a number, and the kind of colour.
    guard file.count > 25 else { return 1 }
    let numbers = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(file[25])] ?? 4
    return Double(numbers * Int(file[24])) / 24
  }

  private static func cut(_ path: String, _ size: Int) -> DataError {
    DataError(
      .badData, path, at: .byte(size), "ends in the middle of the PNG picture",
      help: "the file was cut short; `on_bad = skip` leaves such files out")
  }
}
