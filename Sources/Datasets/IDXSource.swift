/// Finds and reads the pair of IDX files behind a stem.
enum IDXSource {
  /// Reads `STEM-images-idx3-ubyte` and `STEM-labels-idx1-ubyte` (or `.idx3-ubyte`, or with `.gz`) from the first of `folders` that has
  /// them. Throws `noInput` and `badData`.
  static func pictures(stem: String, folders: [String]) throws(DataError) -> LabelledPictures {
    guard !stem.isEmpty else { throw DataError(.description, nil, "idx needs the beginning of the files' names") }
    let imagePath = try find(stem, "images", rank: 3, folders: folders)
    let labelPath = try find(stem, "labels", rank: 1, folders: folders)
    let labels = try IDXFile(labelPath, rank: 1, content: "labels")
    let images = try IDXFile(imagePath, rank: 3, content: "images")
    guard images.sizes[0] == labels.sizes[0] else {
      throw DataError(
        .badData, labelPath, "holds \(labels.sizes[0]) labels, but \(imagePath) holds \(images.sizes[0]) images")
    }
    return LabelledPictures(
      pixels: images.bytes, labels: labels.bytes, height: images.sizes[1], width: images.sizes[2], origin: imagePath,
      labelPath: labelPath)
  }

  private static func find(_ stem: String, _ content: String, rank: Int, folders: [String]) throws(DataError) -> String
  {
    for folder in folders {
      for mark in ["-", "."] {
        for ending in ["", ".gz"] {
          let path = InputFile.resolve("\(stem)-\(content)\(mark)idx\(rank)-ubyte\(ending)", in: folder)
          if InputFile.exists(path) { return path }
        }
      }
    }
    let name = InputFile.resolve("\(stem)-\(content)-idx\(rank)-ubyte", in: folders.first ?? ".")
    let elsewhere = stem.utf8.first == UInt8(ascii: "/") ? [] : folders.dropFirst()
    throw DataError(
      .noInput, name,
      (["no such file, nor with .gz"] + elsewhere.map { "nor in \($0)" }).joined(separator: ", "),
      help: "Fashion-MNIST is Debian's and Ubuntu's package dataset-fashion-mnist")
  }
}
