#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files of a folder.
enum FolderListing {
  /// Whether something is at `path`.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether the file at `path` may be written.
  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// Whether a folder is at `path`.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// A path without `/` at its end.
  static func withoutSlashes(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Throws where `path`, which should be a file of weights, is a folder, and names the weights in it.
  static func refuseFolder(ofWeights path: String) throws(Failure) {
    guard isFolder(path) else { return }
    let trimmed = withoutSlashes(path)
    let files = ["weights.safetensors", "checkpoints/best.safetensors"].map { trimmed + "/" + $0 }
    let found = files.filter(exists) + [CheckpointFolder(trimmed, keep: nil).latestFile].compactMap(\.self)
    throw Failure(
      .noInput, "\(path): is a folder, expected a safetensors file",
      help: found.isEmpty ? nil : "name a file of it: \(found.joined(separator: " or "))")
  }

  /// The files in `folder` whose names end in `suffix`, and the folders in it, each sorted and at most `limit`; hidden ones are left out.
  static func contents(of folder: String, suffix: String, limit: Int) -> (files: [String], folders: [String]) {
    guard let handle = opendir(folder) else { return ([], []) }
    defer { closedir(handle) }
    var (files, folders): ([String], [String]) = ([], [])
    while let entry = readdir(handle), files.count < limit, folders.count < limit {
      let name = name(of: entry)
      if name.hasPrefix(".") { continue }
      if isFolder(folder + "/" + name) { folders.append(name) } else if name.hasSuffix(suffix) { files.append(name) }
    }
    return (files.sorted(), folders.sorted())
  }

  /// The files below `folder` whose names end in `suffix`, sorted, at most `limit` of them; hidden folders and links to folders are left out.
  static func files(below folder: String, suffix: String, limit: Int) -> [String] {
    var found: [String] = []
    var folders = [folder]
    // Bounds the time in a folder with very many others.
    var rest = 20_000
    while let current = folders.popLast(), found.count < limit {
      guard let handle = opendir(current) else { continue }
      defer { closedir(handle) }
      while let entry = readdir(handle), rest > 0 {
        rest -= 1
        let name = name(of: entry)
        if name.hasPrefix(".") { continue }
        let path = current + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: folders.append(path)
        case S_IFREG: if name.hasSuffix(suffix), found.count < limit { found.append(path) }
        default: continue
        }
      }
    }
    return found.sorted()
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
    // In place: the record is shorter than its type, so that a copy would read beyond it.
    withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
