#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The TurboJPEG interface of libjpeg-turbo, opened at run time. libjpeg's own would jump over our frames on every error.
struct JPEGLibrary: Sendable {
  typealias Bytes = UnsafePointer<UInt8>
  typealias Number = UnsafeMutablePointer<Int32>
  typealias Start = @convention(c) () -> OpaquePointer?
  typealias Header = @convention(c) (OpaquePointer, Bytes, UInt, Number, Number, Number, Number) -> Int32
  typealias Decompress =
    @convention(c) (
      OpaquePointer, Bytes, UInt, UnsafeMutablePointer<UInt8>, Int32, Int32, Int32, Int32, Int32
    ) -> Int32
  typealias Message = @convention(c) (OpaquePointer) -> UnsafePointer<CChar>?
  typealias Finish = @convention(c) (OpaquePointer) -> Int32

  let start: Start
  let header: Header
  let decompress: Decompress
  let message: Message
  let finish: Finish

  #if canImport(Glibc)
    static let fileName = "libturbojpeg.so.0"
  #else
    static let fileName = "libturbojpeg.0.dylib"
  #endif

  private static let shared = open(fileName)

  /// Throws `noInput`, naming the packages that have it; `path` is the file that needs it.
  static func load(for path: String, fileName: String = Self.fileName) throws(DataError) -> JPEGLibrary {
    guard let library = fileName == Self.fileName ? shared : open(fileName) else {
      throw DataError(
        .noInput, path, "is a JPEG picture, and libjpeg-turbo (\(fileName)) is not installed",
        help:
          "install the package libturbojpeg0 (Debian), libturbojpeg (Ubuntu), turbojpeg (Fedora) or libjpeg-turbo (Arch)"
      )
    }
    return library
  }

  private static func open(_ fileName: String) -> JPEGLibrary? {
    guard let library = dlopen(fileName, RTLD_NOW),
      let start = dlsym(library, "tjInitDecompress"), let header = dlsym(library, "tjDecompressHeader3"),
      let decompress = dlsym(library, "tjDecompress2"), let message = dlsym(library, "tjGetErrorStr2"),
      let finish = dlsym(library, "tjDestroy")
    else { return nil }
    return JPEGLibrary(
      start: unsafeBitCast(start, to: Start.self), header: unsafeBitCast(header, to: Header.self),
      decompress: unsafeBitCast(decompress, to: Decompress.self), message: unsafeBitCast(message, to: Message.self),
      finish: unsafeBitCast(finish, to: Finish.self))
  }
}

extension JPEGLibrary {
  // Numbers of turbojpeg.h.
  private static let greyFormat: Int32 = 6
  private static let rgbFormat: Int32 = 0
  private static let inkFormat: Int32 = 11
  private static let greySpace: Int32 = 2
  private static let inkSpaces: [Int32] = [3, 4]
  /// The exact inverse transform, and no more than 500 scans: each costs a pass over the whole picture.
  private static let flags: Int32 = 4_096 | 32_768

  /// The picture in `file`, the content of `path`, grey or of three colours as it was written; only its size is read and checked when
  /// `headerOnly`. A large one is decoded smaller, as long as its short side has `enough` pixels. Throws `badData`.
  func decode(
    _ file: [UInt8], path: String, enough: Int? = nil, reducedFrom: Int = PictureLimits.reducedFrom,
    headerOnly: Bool = false
  ) throws(DataError) -> Picture? {
    guard let handle = start() else { throw DataError(.inputOutput, path, "libjpeg-turbo cannot start decoding") }
    defer { _ = finish(handle) }
    var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard header(handle, file, UInt(file.count), &width, &height, &sampling, &space) == 0 else {
      throw damaged(handle, path)
    }
    let isInk = Self.inkSpaces.contains(space)
    let channels = space == Self.greySpace ? 1 : isInk ? 4 : 3
    let divisor = Self.divisor(width: Int(width), height: Int(height), enough: enough, from: reducedFrom)
    try PictureLimits.check(path, width: Int(width), height: Int(height), divisor: divisor, bytes: file.count)
    let density = isInk ? 4 : Self.densities.indices.contains(Int(sampling)) ? Self.densities[Int(sampling)] : 3
    try JPEGStructure(file).check(path, pixels: Int(width) * Int(height), density: density)
    if headerOnly { return nil }
    // A part of a side is rounded up.
    width = (width + Int32(divisor) - 1) / Int32(divisor)
    height = (height + Int32(divisor) - 1) / Int32(divisor)
    let count = Int(width) * Int(height) * channels
    let format = channels == 1 ? Self.greyFormat : isInk ? Self.inkFormat : Self.rgbFormat
    var status: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // A damaged file may leave some of it untouched.
      buffer.initialize(repeating: 0)
      status = decompress(
        handle, file, UInt(file.count), buffer.baseAddress!, width, width * Int32(channels), height, format, Self.flags)
      initialized = count
    }
    if status != 0, !isHarmless(handle) { throw damaged(handle, path) }
    let picture = Picture(width: Int(width), height: Int(height), channels: isInk ? 3 : channels, bytes: bytes)
    return isInk ? picture.withoutInk : picture
  }

  /// Numbers for each pixel by the library's names of sampling: 4:4:4, 4:2:2, 4:2:0, grey, 4:4:0, 4:1:1.
  private static let densities = [3, 2, 1.5, 1, 2, 1.5]

  /// Which part of each side is decoded.
  private static func divisor(width: Int, height: Int, enough: Int?, from pixels: Int) -> Int {
    guard let enough, Picture.byteCount(width: width, height: height, channels: 1) ?? 0 > pixels else { return 1 }
    return [8, 4, 2].first { min(width, height) / $0 >= enough } ?? 1
  }

  private func text(_ handle: OpaquePointer) -> String {
    message(handle).map { String(cString: $0) } ?? "unknown error"
  }

  /// Whether the picture is complete: some cameras write bytes between the parts of a file.
  private func isHarmless(_ handle: OpaquePointer) -> Bool {
    let text = text(handle)
    return text.indices.contains { text[$0...].hasPrefix("extraneous bytes before marker") }
  }

  private func damaged(_ handle: OpaquePointer, _ path: String) -> DataError {
    DataError(
      .badData, path, "cannot be decoded as JPEG: \(text(handle))",
      help: "the file is damaged; `on_bad = skip` leaves such files out")
  }
}

extension Picture {
  /// Red, green and blue of `bytes` with four inks a pixel, which JPEG files hold inverted (Adobe's convention), as Pillow converts them.
  fileprivate var withoutInk: Picture {
    var result = Picture(width: width, height: height, channels: 3)
    for pixel in 0..<(width * height) {
      let light = Int(bytes[4 * pixel + 3])
      for channel in 0..<3 {
        let product = (255 - Int(bytes[4 * pixel + channel])) * light + 128
        result.bytes[3 * pixel + channel] = UInt8(clamping: light - (((product >> 8) + product) >> 8))
      }
    }
    return result
  }
}
