#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The calls of the system that writing needs, as values, so that tests can make each of them fail. A negative result is minus the
/// error number.
package struct FileOperations: Sendable {
  /// Opens a new file for writing; an existing one is an error.
  package var create: @Sendable (String) -> Int
  package var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int
  package var synchronize: @Sendable (Int32) -> Int
  package var close: @Sendable (Int32) -> Int
  package var rename: @Sendable (_ from: String, _ to: String) -> Int
  package var remove: @Sendable (String) -> Int
  package var openFolder: @Sendable (String) -> Int

  /// The real ones.
  package static let system = FileOperations(
    create: { result(Int(open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666))) },
    write: { descriptor, bytes in
      #if canImport(Glibc)
        result(Glibc.write(descriptor, bytes.baseAddress, bytes.count))
      #else
        result(Darwin.write(descriptor, bytes.baseAddress, bytes.count))
      #endif
    },
    synchronize: { result(Int(fsync($0))) },
    close: { descriptor in
      #if canImport(Glibc)
        result(Int(Glibc.close(descriptor)))
      #else
        result(Int(Darwin.close(descriptor)))
      #endif
    },
    rename: { from, to in
      #if canImport(Glibc)
        result(Int(Glibc.rename(from, to)))
      #else
        result(Int(Darwin.rename(from, to)))
      #endif
    },
    remove: { result(Int(unlink($0))) },
    openFolder: { result(Int(open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC))) })

  private static func result(_ value: Int) -> Int { value < 0 ? -Int(errno) : value }
}
