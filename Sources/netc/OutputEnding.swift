import ArgumentParser

/// Keeps a file from getting the name of another format than the one that is written into it.
enum OutputEnding {
  private static let known = ["svg", "html", "png", "jpg", "jpeg", "gif", "webp", "pdf", "eps", "ps", "csv", "json"]

  /// Throws when `--out` ends like the file of another format than `wanted`; endings that say nothing are allowed.
  static func check(_ path: String?, is wanted: String) throws {
    guard let path, let dot = path.lastIndex(of: "."), path[dot...].allSatisfy({ $0 != "/" }) else { return }
    let ending = path[dot...].dropFirst().lowercased()
    guard ending != wanted, known.contains(ending) else { return }
    throw ValidationError("--out is written as \(wanted.uppercased()), name it \(path[..<dot]).\(wanted); got \(path)")
  }
}
