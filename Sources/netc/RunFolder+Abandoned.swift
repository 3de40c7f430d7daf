#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension RunFolder {
  /// Removes the unnamed folders `.NAME.PID.partial` of runs that were killed while they made them: their process is gone, and nobody has
  /// their lock.
  static func removeAbandoned(in parent: String) {
    for name in names(in: parent) where name.hasPrefix(".") && name.hasSuffix(".partial") {
      let words = name.split(separator: ".")
      guard words.count > 2, let process = pid_t(words[words.count - 2]), process > 0, kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      let folder = parent + "/" + name
      guard let lock = try? FolderLock(folder) else { continue }
      for file in names(in: folder) where file != "." && file != ".." { unlink(folder + "/" + file) }
      // A folder that holds anything but files is none of ours, and stays.
      rmdir(folder)
      withExtendedLifetime(lock) {}
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }
}
