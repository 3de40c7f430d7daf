/// Why a file was not checked: it could not be read, or not be written. No place in a text has to do with it, and no code.
package struct FileFailure: Hashable, Sendable {
  /// The path as the user gave it.
  package let path: String
  /// What is wrong with the file: "no such file or folder".
  package let message: String

  /// A failure whose message may start with the path.
  package init(path: String, message: String) {
    self.path = path
    let prefix = "\(path): "
    self.message = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
  }
}
