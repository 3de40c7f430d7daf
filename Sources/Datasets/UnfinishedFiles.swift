import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files that are being written aside, for a program that is told to end at once: `removeAll` may be called by the handler of a
/// signal.
package enum UnfinishedFiles {
  /// More than are ever written at a time.
  private static let capacity = 16
  nonisolated(unsafe) private static let paths: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = {
    let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: capacity)
    paths.initialize(repeating: nil, count: capacity)
    return paths
  }()

  /// Held while the list changes; a handler must not wait for it.
  private static let changes = Mutex(())

  /// Makes the list, which a handler must find made.
  package static func prepare() { _ = paths }

  /// Remembers a path, from before its file is made, until `forget` is called with what this returns; nil when there is no room.
  static func remember(_ path: String) -> Int? {
    changes.withLock { _ in
      guard let free = (0..<capacity).first(where: { paths[$0] == nil }) else { return nil }
      paths[free] = strdup(path)
      return free
    }
  }

  static func forget(_ entry: Int?) {
    changes.withLock { _ in
      guard let entry, let path = paths[entry] else { return }
      paths[entry] = nil
      free(path)
    }
  }

  /// Removes every file that is still unfinished.
  package static func removeAll() {
    for entry in 0..<capacity { if let path = paths[entry] { unlink(path) } }
  }
}
