#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The inflating half of zlib, opened at run time: building netc needs no zlib, and only gzip files need one at all.
struct ZlibLibrary: Sendable {
  /// zlib's `z_stream` of its stable interface, version 1.
  struct Stream {
    var nextIn: UnsafePointer<UInt8>?
    var availableIn: UInt32 = 0
    var totalIn: UInt = 0
    var nextOut: UnsafeMutablePointer<UInt8>?
    var availableOut: UInt32 = 0
    var totalOut: UInt = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: OpaquePointer?
    var free: OpaquePointer?
    var opaque: OpaquePointer?
    var dataType: Int32 = 0
    var checksum: UInt = 0
    var reserved: UInt = 0
  }

  // A pointer to a `Stream`, untyped since C functions take no Swift type.
  typealias Start = @convention(c) (UnsafeMutableRawPointer, Int32, UnsafePointer<CChar>, Int32) -> Int32
  typealias Step = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  typealias Finish = @convention(c) (UnsafeMutableRawPointer) -> Int32

  let start: Start
  let inflate: Step
  let reset: Finish
  let finish: Finish

  #if canImport(Glibc)
    static let fileName = "libz.so.1"
  #else
    static let fileName = "libz.1.dylib"
  #endif

  /// Throws `noInput`, naming the packages that have zlib; `path` is the file that needs it.
  static func load(for path: String, fileName: String = Self.fileName) throws(DataError) -> ZlibLibrary {
    guard let library = dlopen(fileName, RTLD_NOW),
      let start = dlsym(library, "inflateInit2_"), let inflate = dlsym(library, "inflate"),
      let reset = dlsym(library, "inflateReset"), let finish = dlsym(library, "inflateEnd")
    else {
      throw DataError(
        .noInput, path, "is compressed by gzip, and zlib (\(fileName)) is not installed",
        help:
          "install the package zlib1g (Debian, Ubuntu) or zlib (Fedora, Alpine, Arch), or decompress the file with gunzip"
      )
    }
    return ZlibLibrary(
      start: unsafeBitCast(start, to: Start.self), inflate: unsafeBitCast(inflate, to: Step.self),
      reset: unsafeBitCast(reset, to: Finish.self), finish: unsafeBitCast(finish, to: Finish.self))
  }
}
