import Datasets
import Driver
import Execution
import Planning
import Semantics
import Training

/// A net with the weights that it was trained to, and what its training found in the data.
struct TrainedNet {
  let file: CheckedFile
  let model: Model
  let settings: TrainSettings
  let weights: String
  let preprocessing: Preprocessing?
  let encoders: [TokenEncoder]
  /// The marks of the vocabularies that the weights were trained with, by tensor; see `VocabularyMark`.
  private let taught: [String: String]
  /// What the run found in its training data; nil for a `.net` file, whose data tells it anew.
  private let learnt: DataOpening.Learnt?
  private let threads: Int

  /// - Parameters:
  ///   - path: a run folder, or a `.net` file, which needs `weights`.
  ///   - net: which net of the file, where it has several.
  init(
    _ path: String, net: String? = nil, weights: String? = nil, overrides: [SettingOverride] = [], threads: Int
  ) throws(Failure) {
    self.threads = threads
    guard FolderListing.exists(path) else { throw Failure(.noInput, "\(path): does not exist") }
    guard FolderListing.isFolder(path) else {
      guard let weights else {
        throw Failure(
          .usage, "\(path): a .net file has no weights", help: "add --weights FILE.safetensors, or name a run folder")
      }
      file = try CheckedFile(path, overrides: overrides)
      try FolderListing.refuseFolder(ofWeights: weights)
      self.weights = weights
      let metadata: Preprocessing
      do { metadata = try Preprocessing(weights: weights) } catch { throw Failure(error) }
      preprocessing = metadata
      taught = metadata.vocabularies
      encoders = []
      learnt = nil
      (model, settings) = try TrainedNet.model(file, net)
      return
    }
    // What is needed is the net and its weights; run.json only knows where the data was.
    let record = StoredRun.isRunFolder(path) ? try StoredRun(path).record : .null
    file = try CheckedFile(path + "/resolved.net", overrides: overrides, folder: record["folder"]?.string)
    self.weights = weights ?? path + "/weights.safetensors"
    let preprocessing = try Preprocessing(readFrom: path)
    self.preprocessing = preprocessing
    let vocabulary = path + "/vocabulary.json"
    do throws(DataError) {
      let exists = FolderListing.exists(vocabulary)
      encoders = exists ? try TokenEncoder.saved(in: vocabulary) : []
      taught = try Preprocessing(weights: self.weights).vocabularies
      // Weights of texts need it, and its absence is told as what cannot be read.
      if !exists, !taught.isEmpty { _ = try TokenEncoder.saved(in: vocabulary) }
      try VocabularyMark.check(encoders, against: taught, origin: vocabulary, weights: self.weights)
      let known = Set(encoders.flatMap(\.tensors))
      if let missing = taught.keys.sorted().first(where: { !known.contains($0) }) {
        throw DataError(
          .badData, vocabulary, "has no vocabulary for `\(missing)`, and \(self.weights) was trained with one",
          help: "vocabulary and weights must come from the same run: each number stands for one piece of text")
      }
    } catch { throw Failure(error) }
    let isKept = FolderListing.exists(path + "/" + Preprocessing.fileName)
    learnt = isKept ? DataOpening.Learnt(transforms: preprocessing.transforms, encoders: encoders) : nil
    (model, settings) = try TrainedNet.model(file, net)
  }

  /// The net of a run that has just ended.
  init(
    _ file: CheckedFile, _ model: Model, _ settings: TrainSettings, weights: String, preprocessing: Preprocessing,
    threads: Int
  ) {
    self.file = file
    self.model = model
    self.settings = settings
    self.weights = weights
    self.preprocessing = preprocessing
    self.threads = threads
    encoders = []
    learnt = nil
    taught = preprocessing.vocabularies
  }

  private static func model(_ file: CheckedFile, _ name: String?) throws(Failure) -> (Model, TrainSettings) {
    try file.report()
    let model = try file.model(named: name, trained: true)
    guard let settings = model.training else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) has no `train` section")
    }
    return (model, settings)
  }

  /// How the training opens its data, with what it found in them.
  var opening: DataOpening {
    var opening = DataOpening(
      training: settings.data, validation: settings.validation, declarations: model.inputs + model.targets,
      folder: file.folder, seed: settings.seed, skipsBadRows: settings.skipsBadRows)
    opening.learnt = learnt
    return opening
  }

  /// Training and validation data, as the training has them.
  func open() throws(Failure) -> DataOpening.Parts {
    do throws(DataError) {
      let parts = try opening.open()
      // Weights that know classes in another order would be measured wrongly.
      for (name, names) in preprocessing?.classNames ?? [:] {
        guard let tensor = parts.training.tensors.first(where: { $0.declaration.name == name }),
          tensor.classNames != names
        else { continue }
        throw DataError(
          .badData, parts.training.origin,
          "has the classes \(tensor.classNames.prefix(12).joined(separator: ", ")); the net was trained with \(names.prefix(12).joined(separator: ", "))",
          help: "name them in this order in `classes=[…]`")
      }
      try VocabularyMark.check(
        parts.training.encoders, against: taught, origin: parts.training.origin, weights: weights,
        help: learnt == nil ? "; a run folder has its own: `netc eval RUN`" : "")
      Terminal.warn(ofWhatIsLostIn: [parts.training, parts.validation].compactMap(\.self))
      return parts
    } catch { throw Failure(error) }
  }

  /// The validation data, without the training's files where those are not needed; nil where they are.
  func openValidationAlone() throws(Failure) -> Dataset? {
    do throws(DataError) {
      let dataset = try opening.openValidationAlone(classNames: preprocessing?.classNames ?? [:])
      Terminal.warn(ofWhatIsLostIn: [dataset].compactMap(\.self))
      return dataset
    } catch { throw Failure(error) }
  }

  /// Loss and metrics over a set.
  func evaluate(_ dataset: Dataset) throws(Failure) -> SetReport? {
    let batch = batch(for: dataset)
    var preparation = Preparation(file, model, trains: false)
    let examples = ExamplePlacement(byteValues: dataset.byteValues)
    let plan = try preparation.add(.evaluation, batch: batch, examples: examples)
    let rest = dataset.count % batch
    let lastPlan = rest > 0 ? try preparation.add(.evaluation, batch: rest, examples: examples) : nil
    let machine = try machine(preparation, plan: plan)
    do throws(DataError) {
      let evaluation = try SetEvaluation(
        machine, plan: plan, lastPlan: lastPlan, dataset: dataset,
        metrics: settings.metrics.map { ($0.name, $0.summary) })
      let sequence = try BatchSequence(dataset, batch: batch, shuffle: false, keepLast: true, seed: 0)
      let report: SetReport? = evaluation.measure(sequence) { (_: Int) throws(Never) in }
      if let failure = sequence.failure { throw failure }
      return report
    } catch { throw Failure(error) }
  }

  /// What the net says of the examples of a set, with their rows.
  func answers(_ task: PredictionTask, _ dataset: Dataset) throws(Failure) -> [(
    row: Int, answer: PredictionTask.Answer
  )] {
    var result: [(row: Int, answer: PredictionTask.Answer)] = []
    try predict([task.output], dataset) { rows, numbers in
      result += zip(rows.map { Int($0) }, task.answers(numbers[0], count: rows.count)).map { ($0, $1) }
    }
    return result
  }

  /// Calls `body` for each batch of a set with its rows and the numbers of the outputs `names`.
  func predict(
    _ names: [String], _ dataset: Dataset, _ body: (_ rows: ArraySlice<Int32>, _ numbers: [[Float]]) -> Void
  ) throws(Failure) {
    let batch = batch(for: dataset)
    var preparation = Preparation(file, model, trains: false)
    let examples = ExamplePlacement(byteValues: dataset.byteValues)
    let plan = try preparation.add(.inference, batch: batch, examples: examples)
    let rest = dataset.count % batch
    let lastPlan = rest > 0 ? try preparation.add(.inference, batch: rest, examples: examples) : nil
    let machine = try machine(preparation, plan: plan)
    do throws(DataError) {
      let predictor = try Predictor(machine, plan: plan, lastPlan: lastPlan, dataset: dataset)
      let sequence = try BatchSequence(dataset, batch: batch, shuffle: false, keepLast: true, seed: 0)
      try predictor.run(sequence, outputs: names, body)
    } catch { throw Failure(error) }
  }

  private func batch(for dataset: Dataset) -> Int {
    switch settings.batch {
    case .count(let count): min(count, dataset.count)
    case .all: min(1024, dataset.count)
    }
  }

  private func machine(_ preparation: Preparation, plan: Int) throws(Failure) -> Machine {
    let (machine, _) = try preparation.machine(threads: threads)
    do { try Weights(of: machine, plan: plan).load(try SafetensorsFile(weights)) } catch { throw Failure(error) }
    return machine
  }
}
