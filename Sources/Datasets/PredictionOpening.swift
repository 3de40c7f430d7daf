/// Opens what a trained net is asked about: inputs without targets, changed as the training data was, with the statistics and
/// vocabularies that training found.
package struct PredictionOpening: Sendable {
  private let opening: DataOpening
  private let inputs: [TensorDeclaration]
  private let transforms: [DataTransform]
  private let statistics: [FittedTransform]
  private let encoders: [TokenEncoder]

  /// - Parameters:
  ///   - opening: the data of the training, with all inputs and targets.
  ///   - statistics: the transforms that were fitted to the training part, see `FittedTransform.saved`.
  ///   - encoders: what made numbers of texts.
  package init(_ opening: DataOpening, statistics: [FittedTransform], encoders: [TokenEncoder]) {
    inputs = opening.declarations.filter { $0.role == .input }
    let names = Set(inputs.map(\.name))
    self.opening = DataOpening(
      training: opening.training, declarations: inputs, folder: opening.folder, seed: opening.seed)
    transforms = opening.transformsOfValidation.compactMap { $0.limited(to: names) }.adopting(encoders)
    self.statistics = statistics.filter { $0.measure != nil && names.contains($0.tensor) }
    self.encoders = encoders
  }

  /// What the examples of the training are.
  package enum Form: Sendable {
    case pictures, rows, texts
  }

  /// What a net of these inputs can be asked about; nil where nothing that a command line can name fits.
  package var form: Form? {
    if !encoders.isEmpty { return .texts }
    guard inputs.allSatisfy({ $0.element != .bool || $0.shape.isEmpty }) else { return nil }
    switch opening.training.source {
    case .imageFolder: return .pictures
    case .idx where inputs.count == 1 && inputs[0].shape.count == 3: return .pictures
    case .text, .split, .unsupported: return nil
    case .idx, .digits, .table, .tensors: return .rows
    }
  }

  /// The pictures below a folder, sorted by the bytes of their paths; throws `badData` when there is none.
  package func pictureFiles(below folder: String) throws(DataError) -> [String] {
    let found = try FolderOfClasses.pictures(folder)
    guard !found.isEmpty else {
      throw DataError(.badData, folder, "holds no pictures", help: "JPEG and PNG files are read")
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// How many pictures lie in memory at once without harm.
  package var picturesAtOnce: Int {
    max(1, (256 << 20) / max(1, inputs.first?.checkedSize ?? 1))
  }

  /// Pictures from files; its `skipped` names those that are none. Throws when a file cannot be opened.
  package func pictures(_ paths: [String]) throws(DataError) -> Dataset {
    guard let input = inputs.first, input.shape.count == 3 else {
      throw DataError(.description, nil, "the net takes no pictures")
    }
    var examples = try ImageFolderSource.examples(paths: paths, input: input, transforms: transforms)
    return try dataset(&examples)
  }

  /// The rows of a table in a file, with the columns that the training data has for the inputs; from another source than a table, the
  /// columns are the numbers of the only input in order.
  package func rows(_ path: String) throws(DataError) -> Dataset {
    var table: TableDescription
    if case .table(let description) = opening.training.source {
      table = description
      let names = Set(inputs.map(\.name))
      table.tensors = table.tensors.filter { names.contains($0.name) }
      let ending = ".\(table.delimiter.rawValue)"
      if table.path.hasSuffix(ending) || !path.hasSuffix(ending) {
        for other in TableDelimiter.allCases where path.hasSuffix(".\(other.rawValue)") {
          table.delimiter = other
        }
      }
    } else {
      let columns = (0..<(try onlyInput().checkedSize ?? 0)).map { TableColumn.position($0) }
      table = TableDescription(
        path: path, delimiter: path.hasSuffix(".tsv") ? .tsv : .csv,
        tensors: inputs.map { TableTensor($0.name, columns: columns) })
    }
    let texts = opening.textTensors(DataDescription(.table(table), transforms: transforms))
    var examples = try TableSource.examples(table, path: path, for: inputs, classNames: [:], texts: texts)
    return try dataset(&examples)
  }

  /// One example of the only input, in numbers.
  package func example(_ numbers: [Double]) throws(DataError) -> Dataset {
    let input = try onlyInput()
    guard numbers.count == input.checkedSize else {
      throw DataError(
        .badData, nil, "\(input.name) is \(input.type), got \(numbers.count) numbers")
    }
    let tensor =
      input.element == .float32
      ? DataTensor(input, .floats(numbers.map { Float($0) }))
      : try input.tensor(of: numbers.map { Int64(exactly: $0) ?? -1 }, path: "the command line")
    var examples = LoadedExamples(tensors: [tensor], count: 1, origin: "the command line")
    return try dataset(&examples)
  }

  /// Texts for the first input that is made of text.
  package func texts(_ texts: [String]) throws(DataError) -> Dataset {
    let fields = texts.enumerated().map { TextField($1, at: .text($0)) }
    if let empty = texts.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
      throw DataError(.badData, "the command line", at: .text(empty), "is empty: a text needs a character")
    }
    var examples = LoadedExamples(
      tensors: [DataTensor(try onlyInput(), .texts(fields))], count: texts.count, origin: "the command line")
    return try dataset(&examples)
  }

  private func onlyInput() throws(DataError) -> TensorDeclaration {
    guard let input = inputs.first, inputs.count == 1 else {
      throw DataError(.description, nil, "the net has \(inputs.count) inputs, each needs columns of a table")
    }
    return input
  }

  private func dataset(_ examples: inout LoadedExamples) throws(DataError) -> Dataset {
    try examples.checkMasks()
    for index in examples.tensors.indices { examples.tensors[index] = examples.tensors[index].steady }
    let description = DataDescription(opening.training.source, transforms: transforms)
    let encoders = try opening.encode(&examples, description, trainingRows: nil, known: encoders)
    let fitted = try opening.transform(&examples, transforms, trainingRows: nil, statistics: statistics)
    return Dataset(
      tensors: examples.tensors, rows: Array(0..<Int32(examples.count)), mayShuffle: false, origin: examples.origin,
      transforms: fitted, encoders: encoders, skipped: examples.skipped, cut: examples.cut,
      wordless: examples.wordless)
  }
}

extension DataOpening {
  /// What happens to the examples of the validation: a `split` has the training data's transforms before its own.
  var transformsOfValidation: [DataTransform] {
    guard let validation else { return training.transforms }
    guard case .split = validation.source else { return validation.transforms }
    return training.transforms + validation.transforms
  }
}

extension DataTransform {
  /// The transform on those of its tensors that are among `names`; nil where none is.
  fileprivate func limited(to names: Set<String>) -> DataTransform? {
    guard !tensors.isEmpty else { return self }
    let left = tensors.filter(names.contains)
    guard !left.isEmpty else { return nil }
    switch self {
    case .scale(let factor, _): return .scale(factor: factor, tensors: left)
    case .normalize(let mean, let deviation, let ofPictures, _):
      return .normalize(mean: mean, deviation: deviation, ofPictures: ofPictures, tensors: left)
    case .standardize: return .standardize(tensors: left)
    case .minMax: return .minMax(tensors: left)
    case .tokens(var tokens):
      tokens.tensors = left
      return .tokens(tokens)
    case .picture, .mixup: return self
    }
  }
}

extension FittedTransform {
  /// The number that the transform made `value` of, at this index of the tensor's first axis.
  package func original(_ value: Double, index: Int = 0) -> Double {
    value / factor * (divisor.count == 1 ? divisor[0] : divisor[index])
      + (center.count == 1 ? center[0] : center[index])
  }
}
