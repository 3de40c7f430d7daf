#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Examples from a folder with one folder of pictures for each class.
struct ImageFolderSource {
  private let path: String
  private let input: TensorDeclaration
  private let target: TensorDeclaration
  private let transforms: [PictureTransform]
  private let seed: UInt64
  private let skipsBadRows: Bool
  private let memory: Int

  /// Finds the pictures of `description`'s folder `path`, and decodes them up to their first random transform, as many as `memory` bytes
  /// hold. When they do not all fit, none is kept, all are checked by their first bytes, and each is decoded anew whenever it is needed.
  /// `classes` fixes the order of the folders; otherwise they are sorted by their names' bytes. Throws `noInput`, `badData`, and
  /// `description` when shapes or transforms do not fit.
  static func examples(
    path: String, classes: [String]?, for declarations: [TensorDeclaration], transforms: [DataTransform], seed: UInt64,
    skipsBadRows: Bool, memory: Int
  ) throws(DataError) -> LoadedExamples {
    let inputs = declarations.filter { $0.role == .input }
    let targets = declarations.filter { $0.role == .target }
    guard inputs.count == 1, targets.count == 1, let input = inputs.first, let target = targets.first else {
      throw DataError(
        .description, path,
        "a folder gives one picture and one class an example, the net has \(inputs.count) inputs and \(targets.count) targets"
      )
    }
    guard input.element == .float32, input.shape.count == 3, [1, 3].contains(input.shape[0]) else {
      throw DataError(
        .description, path, "\(input.name) is \(input.type), a picture needs f32[channels, height, width]",
        help: "1 channel makes it grey, 3 colour")
    }
    var source = ImageFolderSource(
      path: path, input: input, target: target, transforms: try pictureTransforms(transforms), seed: seed,
      skipsBadRows: skipsBadRows, memory: memory)
    try source.checkSize()
    let tensors = try source.load(try FolderOfClasses(path, classes: classes, target: target))
    return LoadedExamples(
      tensors: declarations.map { $0.role == .input ? tensors.pictures : tensors.labels },
      count: tensors.labels.exampleCount, origin: path, skipped: source.skipped)
  }

  /// The pictures in these files, with no targets; `skipped` has those that are no pictures. Throws what else is wrong with a file, such as
  /// that there is none.
  static func examples(
    paths: [String], input: TensorDeclaration, transforms: [DataTransform]
  ) throws(DataError) -> LoadedExamples {
    let set = PictureSet(transforms: try pictureTransforms(transforms), shape: input.shape, seed: 0).steady
    var kept: [UInt8] = []
    var read: [String] = []
    var skipped: [DataError] = []
    let group = 2 * ParallelWork.processors
    for start in stride(from: 0, to: paths.count, by: group) {
      let part = paths[start..<min(paths.count, start + group)]
      for (path, result) in zip(part, decoded(Array(part), with: set)) {
        do throws(DataError) {
          guard let picture = try result.get() else { continue }
          try set.whole(picture, path).appendPlanes(to: &kept)
          read.append(path)
        } catch {
          guard error.kind == .badData else { throw error }
          skipped.append(error)
        }
      }
    }
    var tensor = DataTensor(input, .bytes(kept, values: (0..<256).map { Float($0) }))
    tensor.paths = read
    return LoadedExamples(tensors: [tensor], count: read.count, origin: "pictures", skipped: skipped)
  }

  private var skipped: [DataError] = []

  private init(
    path: String, input: TensorDeclaration, target: TensorDeclaration, transforms: [PictureTransform], seed: UInt64,
    skipsBadRows: Bool, memory: Int
  ) {
    self.path = path
    self.input = input
    self.target = target
    self.transforms = transforms
    self.seed = seed
    self.skipsBadRows = skipsBadRows
    self.memory = memory
  }

  /// The transforms of pictures, which stand before all others: numbers are no pictures any more.
  private static func pictureTransforms(_ transforms: [DataTransform]) throws(DataError) -> [PictureTransform] {
    var result: [PictureTransform] = []
    var before: String?
    for transform in transforms {
      guard case .picture(let picture) = transform else {
        before = before ?? transform.word
        continue
      }
      if let before {
        throw DataError(
          .description, nil, "\(picture.word) changes pictures, but comes after \(before), which makes numbers of them",
          help: "write \(picture.word) before \(before)")
      }
      try picture.check()
      result.append(picture)
    }
    return result
  }

  /// Whether the last transform that changes sizes makes the declared one.
  private func checkSize() throws(DataError) {
    guard let last = transforms.last(where: { !$0.keepsSize }) else { return }
    if case .resizeShort(let side) = last, side != input.shape.dropFirst().min() {
      throw DataError(
        .description, nil, "\(input.name) is \(input.type), resize makes the short side of a picture \(side)",
        help: "write `resize(\(input.shape[1]), \(input.shape[2]))`")
    }
    guard let size = last.fixedSize else { return }
    guard [size.height, size.width] == Array(input.shape.dropFirst()) else {
      throw DataError(
        .description, nil,
        "\(input.name) is \(input.type), \(last.word) makes pictures of \(size.height) x \(size.width)",
        help: "write `\(last.word)(\(input.shape[1]), \(input.shape[2]))`")
    }
  }

  private mutating func load(_ folder: FolderOfClasses) throws(DataError) -> (pictures: DataTensor, labels: DataTensor)
  {
    var set = PictureSet(transforms: transforms, shape: input.shape, seed: seed)
    let (exampleBytes, overflow) = input.shape.reduce(1, *).multipliedReportingOverflow(by: folder.files.count)
    // Where the kept size is known it is reserved at once, or known to be too much.
    var isKept = true
    if !set.isRandom {
      isKept = !overflow && exampleBytes <= memory
      if isKept { set.kept.reserveCapacity(exampleBytes) }
    }
    var labels: [Int64] = []
    // A few at a time, since pictures may be large; the first error is that of the first file.
    let group = 2 * ParallelWork.processors
    for start in stride(from: 0, to: folder.files.count, by: group) {
      let files = folder.files[start..<min(folder.files.count, start + group)]
      for (file, result) in zip(files, Self.decoded(files.map(\.path), with: set, isKept: isKept)) {
        do throws(DataError) {
          let picture = try result.get()
          if isKept, let picture {
            set.keep(picture)
            isKept = set.kept.count <= memory
            if !isKept { set.forget() }
          }
          set.paths.append(file.path)
          labels.append(Int64(file.label))
        } catch {
          guard skipsBadRows, error.kind == .badData else { throw error }
          skipped.append(error)
        }
      }
    }
    guard !labels.isEmpty else { throw skipped.first ?? DataError(.badData, path, "holds no pictures") }
    let table = (0..<256).map { Float($0) }
    var answers = try target.tensor(of: labels, path: path)
    answers.classNames = folder.names
    let storage =
      isKept && !set.isRandom ? DataTensor.Storage.bytes(set.kept, values: table) : .pictures(set, values: table)
    var pictures = DataTensor(input, storage)
    pictures.paths = set.paths
    return (pictures, answers)
  }
}

extension ImageFolderSource {
  /// The pictures at `paths` as `set` keeps them; unless they are kept, nothing for each that seems to be a picture.
  private static func decoded(
    _ paths: [String], with set: PictureSet, isKept: Bool = true
  ) -> [Result<Picture?, DataError>] {
    let results = ResultSlots<Result<Picture?, DataError>>(count: paths.count)
    ParallelWork(count: paths.count, threads: ParallelWork.processors - 1) { index in
      results.slots[index] = Result { () throws(DataError) -> Picture? in
        if isKept { return try set.prepared(paths[index]) }
        try PictureFile.check(paths[index], enough: set.enough)
        return nil
      }
    }.finish()
    return results.slots.map { $0 ?? .success(nil) }
  }
}

/// The folders of classes below a folder, and the pictures in each.
struct FolderOfClasses {
  private(set) var names: [String] = []
  /// Sorted by class, then by the bytes of the path.
  private(set) var files: [(path: String, label: Int)] = []

  private static let endings = ["jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm"]
  private static let deepest = 16

  /// Throws `noInput` when a folder is missing, `badData` when a class has no pictures, `description` when the number of classes is not
  /// that of `target`.
  init(_ path: String, classes: [String]?, target: TensorDeclaration) throws(DataError) {
    let found = try Self.folders(path)
    names = classes ?? found
    for name in names where !found.contains(name) {
      let list = found.prefix(12).map { DataError.quoted($0) }.joined(separator: ", ")
      throw DataError(
        .noInput, path, "has no folder `\(name)`", help: "it has \(list)\(found.count > 12 ? ", …" : "")")
    }
    if Set(names).count < names.count { throw DataError(.description, path, "`classes` names a folder twice") }
    let wanted: Int? =
      switch target.element {
      case .bool: 2
      case .index(let count): count
      case .float32: nil
      }
    guard target.shape.isEmpty, let wanted else {
      throw DataError(
        .description, path, "\(target.name) is \(target.type), a folder gives one class an example",
        help: "declare it as bool or index(\(names.count))")
    }
    guard names.count != 1 || wanted < 2 else {
      throw DataError(
        .badData, path, "has one class only, \(DataError.quoted(names[0])); \(target.name) is \(target.type)",
        help: "there is a folder for each class, and pictures in it")
    }
    guard names.count == wanted else {
      let list = names.prefix(12).map { DataError.quoted($0) }.joined(separator: ", ")
      throw DataError(
        .badData, path,
        "has \(names.count) classes, \(list)\(names.count > 12 ? ", …" : ""); \(target.name) is \(target.type)",
        help: wanted == 2 && target.element == .bool
          ? "name the two in `classes=[…]`; the second is true" : "declare it as index(\(names.count))")
    }
    files = try Self.files(path, names)
  }

  /// The folders in a folder, sorted by the bytes of their names; throws `badData` when there is none.
  static func folders(_ path: String) throws(DataError) -> [String] {
    let found = try entries(path).filter(\.isFolder).map(\.name)
    guard !found.isEmpty else {
      throw DataError(
        .badData, path, "has no folders in it", help: "an image_folder has one folder of pictures for each class")
    }
    return found
  }

  /// The pictures in the folders `names` of `path`, each with the position of its folder; throws `badData` when one has none.
  static func files(_ path: String, _ names: [String]) throws(DataError) -> [(path: String, label: Int)] {
    var files: [(path: String, label: Int)] = []
    for (label, name) in names.enumerated() {
      let pictures = try pictures(path + "/" + name)
      guard !pictures.isEmpty else {
        throw DataError(.badData, path + "/" + name, "holds no pictures", help: "JPEG and PNG files are read")
      }
      files += pictures.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, label) }
    }
    return files
  }

  /// The pictures in a folder and those inside it, by their endings, in no order.
  static func pictures(_ folder: String, depth: Int = 0) throws(DataError) -> [String] {
    guard depth < deepest else { throw DataError(.badData, folder, "has too many folders inside one another") }
    var result: [String] = []
    for entry in try entries(folder) {
      let path = folder + "/" + entry.name
      if entry.isFolder {
        result += try pictures(path, depth: depth + 1)
      } else if let dot = entry.name.lastIndex(of: "."), endings.contains(entry.name[dot...].dropFirst().lowercased()) {
        result.append(path)
      }
    }
    return result
  }

  /// What is in a folder, sorted by the bytes of the names, hidden files left out.
  private static func entries(_ folder: String) throws(DataError) -> [(name: String, isFolder: Bool)] {
    guard !folder.utf8.contains(0), let handle = opendir(folder) else { throw .cannotOpen(folder, errno) }
    defer { closedir(handle) }
    var result: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasPrefix(".") { continue }
      var status = stat()
      guard stat(folder + "/" + name, &status) == 0 else { continue }
      result.append((name, status.st_mode & S_IFMT == S_IFDIR))
    }
    return result.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
