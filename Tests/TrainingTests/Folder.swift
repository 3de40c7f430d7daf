#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An empty folder that goes away with its files.
final class Folder {
  let path: String

  struct CannotCreate: Error {}

  init() throws {
    var template = Array("/tmp/netc-training-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CannotCreate() }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        unlink(path + "/" + name)
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
