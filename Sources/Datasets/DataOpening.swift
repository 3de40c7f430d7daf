/// Turns the descriptions of a `train` section into datasets: reads the files, checks them against what the net declares, takes the
/// validation part away, finds the statistics on what is left for training, and changes the values.
package struct DataOpening: Sendable {
  package var training: DataDescription
  package var validation: DataDescription?
  /// The net's inputs and the targets; the datasets have their tensors in this order.
  package var declarations: [TensorDeclaration]
  /// The folder of the `.net` file, from which relative paths are seen.
  package var folder: String
  /// Decides which examples `split` takes.
  package var seed: UInt64
  /// Whether rows of tables that cannot be read are left out; without that they are errors.
  package var skipsBadRows: Bool
  /// Where the files of `idx` are looked for after `folder`: where packages of the system put data sets.
  package var systemFolders = ["/usr/share/datasets", "/usr/local/share/datasets"]

  /// What a training has found in the data, where it is not to be found anew: its statistics and vocabularies hold for other data.
  package var learnt: Learnt?

  /// The statistics and vocabularies of a training part.
  package struct Learnt: Sendable {
    package var statistics: [FittedTransform]
    package var encoders: [TokenEncoder]

    /// - Parameter transforms: all transforms of the training part, see `Dataset.transforms`.
    package init(transforms: [FittedTransform], encoders: [TokenEncoder]) {
      statistics = transforms.filter { $0.measure != nil }
      self.encoders = encoders
    }
  }

  /// How many bytes of decoded pictures are kept, at most, for each of training and validation.
  package var pictureMemory = 1 << 30

  package init(
    training: DataDescription, validation: DataDescription? = nil, declarations: [TensorDeclaration], folder: String,
    seed: UInt64, skipsBadRows: Bool = false
  ) {
    self.training = training
    self.validation = validation
    self.declarations = declarations
    self.folder = folder
    self.seed = seed
    self.skipsBadRows = skipsBadRows
  }

  /// The parts of the data, ready for batches.
  package struct Parts: Sendable {
    package var training: Dataset
    package var validation: Dataset?
  }

  /// Opens everything. The errors are those of the files (`noInput`, `badData`, `inputOutput`) and of the description.
  package func open() throws(DataError) -> Parts {
    try checkSizes()
    try checkMixup()
    if let learnt {
      return try adopting(learnt).openAsDescribed()
    }
    return try openAsDescribed()
  }

  /// The validation alone, where it is data of its own and what the training has learnt is known: then the training's files are not needed.
  /// Nil where they are.
  /// - Parameter classNames: those of the training, by target.
  package func openValidationAlone(classNames: [String: [String]]) throws(DataError) -> Dataset? {
    guard let learnt, let validation else { return nil }
    if case .split = validation.source { return nil }
    try checkSizes()
    try checkMixup()
    return try adopting(learnt).openValidation(classNames: classNames, learnt.statistics, learnt.encoders)
  }

  /// The same with the pieces of the vocabularies that have been learnt.
  private func adopting(_ learnt: Learnt) -> DataOpening {
    var known = self
    known.training.transforms = training.transforms.adopting(learnt.encoders)
    if let validation { known.validation?.transforms = validation.transforms.adopting(learnt.encoders) }
    return known
  }

  private func checkSizes() throws(DataError) {
    for declaration in declarations {
      guard declaration.checkedSize != nil else {
        throw DataError(.description, nil, "\(declaration.name) is \(declaration.type): too large")
      }
    }
  }

  private func openAsDescribed() throws(DataError) -> Parts {
    var examples = try load(training, classNames: [:])
    var rows = Array(0..<Int32(examples.count))
    guard case .split(let fraction, let isStratified)? = validation?.source else {
      let (fitted, encoders) = try fit(&examples, trainingRows: rows)
      return Parts(
        training: try dataset(examples, rows: rows, fitted, encoders),
        validation: try openValidation(
          classNames: Dictionary(
            examples.tensors.map { ($0.declaration.name, $0.classNames) }, uniquingKeysWith: { first, _ in first }),
          fitted.filter { $0.measure != nil }, encoders))
    }
    let taken = try split(fraction, of: examples, isStratified)
    rows.removeAll(where: taken.contains)
    let (fitted, encoders) = try fit(&examples, trainingRows: rows)
    let part = try dataset(examples, rows: rows, fitted, encoders)
    var own = examples
    own.skipped = []
    own.cut = []
    own.wordless = []
    own.unread = []
    if let validation { try checkPictureTransforms(validation) }
    for index in own.tensors.indices { own.tensors[index] = own.tensors[index].steady }
    if let tokens = validation.map(textTensors), !tokens.isEmpty {
      throw DataError(
        .description, nil, "a split of the data has had its text made numbers by the data's own transforms",
        help: "leave the transform of text out of `validation`")
    }
    let ownFitted = try transform(&own, validation?.transforms ?? [], trainingRows: nil, statistics: [])
    return Parts(training: part, validation: try dataset(own, rows: taken.sorted(), fitted + ownFitted, encoders))
  }

  /// Makes numbers of texts and changes numbers, by what the training rows say or what has been learnt from them before.
  private func fit(
    _ examples: inout LoadedExamples, trainingRows: [Int32]
  ) throws(DataError) -> ([FittedTransform], [TokenEncoder]) {
    let rows = learnt == nil ? trainingRows : nil
    let encoders = try encode(&examples, training, trainingRows: rows, known: learnt?.encoders ?? [])
    let fitted = try transform(
      &examples, training.transforms, trainingRows: rows, statistics: learnt?.statistics ?? [])
    return (fitted, encoders)
  }

  private func dataset(
    _ examples: LoadedExamples, rows: [Int32], _ fitted: [FittedTransform], _ encoders: [TokenEncoder]
  ) throws(DataError) -> Dataset {
    let dataset = Dataset(
      tensors: examples.tensors, rows: rows, mayShuffle: examples.mayShuffle, origin: examples.origin,
      transforms: fitted, encoders: encoders, skipped: examples.skipped, cut: examples.cut,
      wordless: examples.wordless, unread: examples.unread)
    try dataset.checkTargets()
    return dataset
  }

  private func openValidation(
    classNames: [String: [String]], _ statistics: [FittedTransform], _ encoders: [TokenEncoder]
  ) throws(DataError) -> Dataset? {
    guard let validation else { return nil }
    var examples = try load(validation, classNames: classNames)
    for index in examples.tensors.indices { examples.tensors[index] = examples.tensors[index].steady }
    _ = try encode(&examples, validation, trainingRows: nil, known: encoders)
    let own = try transform(&examples, validation.transforms, trainingRows: nil, statistics: statistics)
    return try dataset(examples, rows: Array(0..<Int32(examples.count)), own, encoders)
  }

  /// The rows that `split(data, fraction)` takes: the first, or the first of each class, of a random order that depends on the seed and
  /// the number of examples.
  private func split(
    _ fraction: Double, of examples: LoadedExamples, _ isStratified: Bool
  ) throws(DataError) -> Set<Int32> {
    guard fraction > 0, fraction < 1 else {
      throw DataError(.description, nil, "split takes a fraction between 0 and 1, got \(fraction)")
    }
    let count = Int((Double(examples.count) * fraction).rounded())
    guard count > 0, count < examples.count else {
      throw DataError(
        .description, examples.origin,
        "split(data, \(fraction)) leaves one part of the \(examples.count) examples empty")
    }
    var order = Array(0..<Int32(examples.count))
    var generator = SplitMix64(seed: seed, purpose: .split)
    generator.shuffle(&order)
    return isStratified ? StratifiedSplit(examples).rows(count, of: order) : Set(order.prefix(count))
  }

  /// Numbers can be mixed, and nothing else.
  private func checkMixup() throws(DataError) {
    if validation?.mixup != nil {
      throw DataError(.description, nil, "mixup is for training; validation asks about examples as they are")
    }
    guard training.mixup != nil else { return }
    if training.transforms.count(where: { if case .mixup = $0 { true } else { false } }) > 1 {
      throw DataError(.description, nil, "mixup is there twice: examples are mixed once")
    }
    if let input = declarations.first(where: { $0.role == .input && $0.element != .float32 }) {
      throw DataError(.description, nil, "mixup mixes numbers; \(input.name) is \(input.type)")
    }
  }

  /// Only files of pictures have what transforms of pictures change.
  private func checkPictureTransforms(_ description: DataDescription) throws(DataError) {
    if case .imageFolder = description.source { return }
    for case .picture(let picture) in description.transforms {
      throw DataError(
        .description, nil, "\(picture.word) changes pictures of an image_folder, and here are none",
        help: "write it behind `image_folder(…)`; a `split` of the data has the data's own transforms")
    }
  }

  private func load(
    _ description: DataDescription, classNames: [String: [String]]
  ) throws(DataError) -> LoadedExamples {
    try checkPictureTransforms(description)
    let examples: LoadedExamples
    switch description.source {
    case .digits(let part): examples = try part.pictures().examples(for: declarations)
    case .idx(let stem):
      examples = try IDXSource.pictures(stem: stem, folders: [folder] + systemFolders).examples(for: declarations)
    case .table(let table):
      examples = try TableSource.examples(
        table, path: InputFile.resolve(table.path, in: folder), for: declarations, classNames: classNames,
        texts: textTensors(description), skipsBadRows: skipsBadRows)
    case .tensors(let path, let shuffle):
      examples = try TensorsSource.examples(
        path: InputFile.resolve(path, in: folder), shuffle: shuffle, for: declarations)
    case .split:
      throw DataError(.description, nil, "only `validation` can be a `split` of the data")
    case .imageFolder(let path, let classes):
      let known = classNames.values.first { !$0.isEmpty }
      examples = try ImageFolderSource.examples(
        path: InputFile.resolve(path, in: folder), classes: classes ?? known, for: declarations,
        transforms: description.transforms, seed: seed, skipsBadRows: skipsBadRows, memory: pictureMemory)
    case .text(let path):
      examples = try TextSource.examples(
        path: InputFile.resolve(path, in: folder), for: declarations, description.transforms)
    case .unsupported(let word): throw DataError(.description, nil, "\(word) cannot be opened yet")
    }
    guard examples.count > 0 else { throw DataError(.badData, examples.origin, "holds no examples") }
    guard examples.count <= Int(Int32.max) else {
      throw DataError(.badData, examples.origin, "holds \(examples.count) examples, more than \(Int32.max)")
    }
    try examples.checkMasks()
    return examples
  }
}

extension LoadedExamples {
  /// Throws `badData` for an example whose mask hides all of it.
  func checkMasks() throws(DataError) {
    for tensor in tensors where tensor.exampleSize > 0 {
      guard let number = tensor.declaration.hidingNumber,
        let hidden = (0..<count).first(where: { tensor.holdsNothing(but: number, inExample: $0) })
      else { continue }
      let name = tensor.declaration.name
      let written = number.rounded() == number && abs(number) < 1e9 ? String(Int(number)) : "\(number)"
      throw DataError(
        .badData, origin, at: lines.map { .line(Int($0[hidden])) } ?? .example(hidden),
        tensor.declaration.element == .bool
          ? "\(name) is false everywhere: as a mask it hides all of the sequence"
          : "\(name) is \(written) everywhere: the mask `\(name) != \(written)` hides all of the sequence",
        help: "leave the example out, or let the mask be true somewhere")
    }
  }
}

extension DataTensor {
  /// Whether all numbers of an example, which no transform has changed, are this one; false for texts and pictures, which are no numbers
  /// yet.
  fileprivate func holdsNothing(but number: Double, inExample example: Int) -> Bool {
    let range = (example * exampleSize)..<((example + 1) * exampleSize)
    switch storage {
    case .floats(let numbers): return numbers[range].allSatisfy { Double($0) == number }
    case .indices(let numbers): return numbers[range].allSatisfy { Double($0) == number }
    case .bytes(let bytes, let values): return bytes[range].allSatisfy { Double(values[Int($0)]) == number }
    case .pictures, .texts: return false
    }
  }
}
