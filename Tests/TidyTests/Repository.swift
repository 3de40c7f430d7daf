#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files of this repository.
enum Repository {
  /// The folder with `Package.swift`.
  static let root = String(#filePath.dropLast("/Tests/TidyTests/Repository.swift".count))

  struct File: Sendable {
    /// From the root: `Sources/Ops/ReLU.swift`.
    var path: String
    var text: String

    var name: String { String(path.split(separator: "/").last ?? "") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  static let sources = swiftFiles(under: "Sources")
  static let tests = swiftFiles(under: "Tests")
  static let manifest = contents(root + "/Package.swift") ?? ""

  /// The targets: the folders under `Sources`.
  static var rooms: [String] { entries("Sources").filter { isFolder("Sources/" + $0) }.sorted() }

  /// The targets of tests.
  static var testTargets: [String] { entries("Tests").filter { $0.hasSuffix("Tests") }.sorted() }

  static func files(of room: String) -> [File] { files(under: "Sources/\(room)/") }

  static func files(under folder: String) -> [File] { (sources + tests).filter { $0.path.hasPrefix(folder) } }

  /// Files behind symbolic links are seen where they really are, once.
  private static func swiftFiles(under folder: String) -> [File] {
    var result: [File] = []
    for entry in entries(folder).sorted() where !entry.hasPrefix(".") {
      let path = folder + "/" + entry
      if isFolder(path) {
        result += swiftFiles(under: path)
      } else if path.hasSuffix(".swift"), let text = contents(root + "/" + path) {
        result.append(File(path: path, text: text))
      }
    }
    return result
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(root + "/" + path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func entries(_ folder: String) -> [String] {
    guard let handle = opendir(root + "/" + folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  static func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
