import Semantics
import Source

/// The files beside those that the editor has open; given by who starts the server.
package struct FileAccess {
  /// The path that `path` means in a file at `importer`.
  package var resolve: (_ path: String, _ importer: String) -> String
  package var read: (_ path: String) -> ImportedFile
  /// The `.net` files below a folder.
  package var list: (_ folder: String) -> [String]
  /// The names of the `.net` files and of the folders that stand in a folder.
  package var contents: (_ folder: String) -> (files: [String], folders: [String])

  package init(
    resolve: @escaping (_ path: String, _ importer: String) -> String,
    read: @escaping (_ path: String) -> ImportedFile, list: @escaping (_ folder: String) -> [String],
    contents: @escaping (_ folder: String) -> (files: [String], folders: [String])
  ) {
    self.resolve = resolve
    self.read = read
    self.list = list
    self.contents = contents
  }
}

/// `file:` addresses and paths.
enum FileAddress {
  /// The path of an address; addresses of other kinds stand for themselves.
  static func path(_ uri: String) -> String {
    guard uri.hasPrefix("file://") else { return uri }
    let rest = uri.dropFirst("file://".count)
    // A host, as in `file://localhost/…`, is left out.
    let path = rest.drop { $0 != "/" }
    var bytes: [UInt8] = []
    var iterator = Array(path.utf8)[...]
    while let byte = iterator.popFirst() {
      if byte == UInt8(ascii: "%"), iterator.count >= 2,
        let value = UInt8(String(decoding: iterator.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        iterator = iterator.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The address of a path.
  static func uri(_ path: String) -> String {
    guard path.hasPrefix("/") else { return path }
    var text = "file://"
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-._~/".utf8.contains(byte))
      if isPlain {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return text
  }
}
