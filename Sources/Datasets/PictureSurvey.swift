/// What is in a folder with one folder of pictures for each class: every picture is decoded.
package struct PictureSurvey: Sendable {
  /// The folders, sorted, with their readable pictures.
  package private(set) var classes: [(name: String, count: Int)] = []
  package private(set) var broken: [DataError] = []
  /// The pictures with the fewest and the most pixels, as `32 x 32`; nil where none can be read.
  package private(set) var sizes: (smallest: String, largest: String)?
  /// Files whose pixels another file has too.
  package private(set) var duplicates = 0
  /// Files with the same pixels in two classes, at most ten pairs.
  package private(set) var conflicts: [(String, String)] = []

  /// All readable pictures.
  package var count: Int { classes.reduce(0) { $0 + $1.count } }

  private struct Finding: Sendable {
    var width: Int
    var height: Int
    var hash: UInt64
  }

  /// Throws `noInput` when a folder is missing, `badData` when it has no folders in it or one of them no pictures.
  package init(_ path: String) throws(DataError) {
    let names = try FolderOfClasses.folders(path)
    let files = try FolderOfClasses.files(path, names)
    let found = ResultSlots<Result<Finding, DataError>>(count: files.count)
    ParallelWork(count: files.count, threads: ParallelWork.processors - 1) { index in
      found.slots[index] = Result { () throws(DataError) -> Finding in
        let picture = try PictureFile.read(files[index].path, channels: 3)
        // FNV-1a, which is enough to tell copies from pictures that differ by accident.
        let hash = picture.bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return Finding(width: picture.width, height: picture.height, hash: hash)
      }
    }.finish()
    classes = names.map { ($0, 0) }
    var first: [UInt64: Int] = [:]
    var extremes: (small: Finding, large: Finding)?
    for (index, file) in files.enumerated() {
      switch found.slots[index] {
      case .failure(let error)?: broken.append(error)
      case .success(let finding)?:
        classes[file.label].count += 1
        let pixels = finding.width * finding.height
        let (small, large) = extremes ?? (finding, finding)
        extremes = (
          pixels < small.width * small.height ? finding : small, pixels > large.width * large.height ? finding : large
        )
        guard let other = first[finding.hash] else {
          first[finding.hash] = index
          continue
        }
        duplicates += 1
        if files[other].label != file.label, conflicts.count < 10 { conflicts.append((files[other].path, file.path)) }
      case nil: break
      }
    }
    sizes = extremes.map { ("\($0.small.width) x \($0.small.height)", "\($0.large.width) x \($0.large.height)") }
  }
}
