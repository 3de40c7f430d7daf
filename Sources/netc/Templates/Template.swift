/// A beginning that runs as it is.
protocol Template: Sendable {
  /// What it is called on the command line, and its folder's name.
  static var name: String { get }
  /// What the net learns, in one line.
  static var summary: String { get }
  /// The `.net` file and the data that it needs: paths below the template's folder, the `.net` file first.
  static var files: [(path: String, bytes: [UInt8])] { get }
}

extension Template {
  /// A file of text.
  static func file(_ path: String, _ text: String) -> (path: String, bytes: [UInt8]) { (path, Array(text.utf8)) }
}

/// All templates, in the order in which they are listed.
let templates: [any Template.Type] = [
  DigitsTemplate.self, TableTemplate.self, PhotosTemplate.self, TextTemplate.self, LettersTemplate.self,
]
