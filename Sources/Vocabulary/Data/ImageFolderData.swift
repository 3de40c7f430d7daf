import Datasets

/// `image_folder(dir, classes=?)`
package enum ImageFolderData: DataSourceWord {
  package static let name = "image_folder"
  package static let documentation =
    "A folder with one folder of pictures per class; classes are sorted, or in the order given."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("dir", .text), .optional("classes", .list(.name, count: 1...Int.max), "sorted", namedOnly: true),
  ]

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    .imageFolder(
      path: arguments.text("dir") ?? "", classes: arguments.has("classes") ? arguments.texts("classes") : nil)
  }
}
