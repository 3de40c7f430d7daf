import Datasets
import Source

/// What a run found in its training data and a net needs wherever it goes: the names of classes, the statistics of transforms.
struct Preprocessing {
  static let fileName = "preprocessing.json"

  /// The names of the classes of each target that has names, by their numbers.
  var classNames: [String: [String]] = [:]
  var transforms: [FittedTransform] = []
  /// The mark of the vocabulary of each tensor that is made of text; see `VocabularyMark`.
  var vocabularies: [String: String] = [:]

  /// What a training part has found.
  init(_ dataset: Dataset) {
    for tensor in dataset.tensors where !tensor.classNames.isEmpty {
      classNames[tensor.declaration.name] = tensor.classNames
    }
    transforms = dataset.transforms
    vocabularies = VocabularyMark.marks(dataset.encoders)
  }

  /// What a file of weights says of itself.
  init(weights path: String) throws(DataError) {
    self.init(metadata: try SafetensorsFile(path).header.metadata)
  }

  /// What weights say of themselves: the names of the classes and the marks of vocabularies, see `metadata`. Names that cannot be read are
  /// left out.
  init(metadata: [String: String]) {
    for (key, text) in metadata where key.hasPrefix(Preprocessing.classesPrefix) {
      let names = (try? JSON(parsing: Array(text.utf8)))?.array?.map(\.string) ?? []
      guard !names.isEmpty, !names.contains(nil) else { continue }
      classNames[String(key.dropFirst(Preprocessing.classesPrefix.count))] = names.compactMap { $0 }
    }
    for (key, mark) in metadata where key.hasPrefix(Preprocessing.vocabularyPrefix) {
      vocabularies[String(key.dropFirst(Preprocessing.vocabularyPrefix.count))] = mark
    }
  }

  private static let classesPrefix = "classes."
  private static let vocabularyPrefix = "vocabulary."

  /// The names of the classes and the marks of vocabularies as they travel with weights.
  var metadata: [String: String] {
    Dictionary(
      classNames.map { (Preprocessing.classesPrefix + $0, JSON.array($1.map(JSON.string)).line) }
        + vocabularies.map { (Preprocessing.vocabularyPrefix + $0, $1) },
      uniquingKeysWith: { first, _ in first })
  }

  var json: JSON {
    let names = classNames.sorted { $0.key < $1.key }.map { ($0.key, JSON.array($0.value.map(JSON.string))) }
    return .object([
      ("classes", .object(names)),
      (
        "transforms",
        .array(
          transforms.map { transform in
            .object([
              ("tensor", .string(transform.tensor)), ("measure", transform.measure.map(JSON.string) ?? .null),
              ("center", .array(transform.center.map(JSON.number))),
              ("divisor", .array(transform.divisor.map(JSON.number))), ("factor", .number(transform.factor)),
            ])
          })
      ),
    ])
  }

  /// What a run has kept; nothing where it kept none. Throws for what a run does not write.
  init(readFrom folder: String) throws(Failure) {
    let path = folder + "/" + Preprocessing.fileName
    guard FolderListing.exists(path) else { return }
    func damaged(_ problem: String) -> Failure { Failure(.badData, "\(path): is damaged: \(problem)") }
    let bytes = try StoredRun.content(path)
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch { throw damaged(error.problem) }
    for (name, names) in json["classes"]?.object ?? [] {
      guard let names = names.array?.map(\.string), !names.contains(nil) else { throw damaged("`classes`") }
      classNames[name] = names.compactMap { $0 }
    }
    for entry in json["transforms"]?.array ?? [] {
      guard let tensor = entry["tensor"]?.string, let center = entry["center"]?.array?.compactMap(\.number),
        let divisor = entry["divisor"]?.array?.compactMap(\.number), let factor = entry["factor"]?.number,
        !center.isEmpty, !divisor.isEmpty
      else { throw damaged("`transforms`") }
      transforms.append(
        FittedTransform(
          tensor: tensor, center: center, divisor: divisor, factor: factor, measure: entry["measure"]?.string))
    }
  }

  /// The name of a class of a target: that of the data, or its number.
  func className(_ number: Int, of target: TensorDeclaration) -> String {
    if let names = classNames[target.name], names.indices.contains(number) { return names[number] }
    if target.element == .bool { return number == 0 ? "false" : "true" }
    return String(number)
  }

  /// A number of a target as the data has it, from one that the net compares with.
  func original(_ value: Double, of target: TensorDeclaration) -> Double {
    transforms.reversed().reduce(value) { $1.tensor == target.name ? $1.original($0) : $0 }
  }
}
