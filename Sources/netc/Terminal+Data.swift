import Datasets
import Source

extension Terminal {
  /// Says on standard error what of the data does not reach the net: the ends of texts that are longer than it, texts without a word, tensors of a file that it
  /// has no name for.
  static func warn(ofWhatIsLostIn parts: [Dataset]) {
    for cut in parts.flatMap(\.cut) { note("warning: \(cut.message)\n") }
    for message in parts.flatMap(\.wordless) { note("warning: \(message)\n") }
    for message in parts.compactMap(\.unreadMessage) { note("warning: \(message)\n") }
  }

  /// Says of a text of which the net knows nothing that it is so.
  /// - Parameter origin: which text it is.
  static func warn(ofUnknown text: String, origin: String, _ encoder: TokenEncoder) {
    guard let message = encoder.withoutPiece(text) ?? encoder.withoutKnownPiece(text) else { return }
    note("warning: \(origin): \(message)\n")
  }

  /// Says that a text is the name of a file as well.
  static func warn(ofFileNamedBy text: String, origin: String, reads what: String) {
    note(
      "warning: \(origin): \(DataError.quoted(text)) is also a file or folder, and is read as a text; the net reads \(what)\n"
    )
  }
}

extension Dataset {
  /// Which tensors of its file the net does not read; nil where it reads all.
  var unreadMessage: String? {
    guard !unread.isEmpty else { return nil }
    let names = unread.prefix(8).map { DataError.quoted($0) }.joined(separator: ", ") + (unread.count > 8 ? ", …" : "")
    return "\(origin): holds \(names), and the net has no input or target of that name"
  }
}
