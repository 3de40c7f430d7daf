import ArgumentParser
import Datasets
import Reports

/// `netc data show FILE`
struct DataShowCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Makes a page with examples as the net sees them: changed at random, with their labels.")

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file trains several.", valueName: "net"))
  var name: String?
  @Option(help: "How many examples.")
  var count = 32
  @Option(help: "The epoch, from 1: what is random differs from one to the next.")
  var epoch = 1
  @Option(help: "Which part of the data: training or validation.")
  var on = DataPart.training
  @Option(help: ArgumentHelp("The page; NET-data.html without it.", valueName: "file.html"))
  var out: String?

  func validate() throws {
    if !(1...2000).contains(count) { throw ValidationError("--count is 1 to 2000, got \(count)") }
    if !(1...1_000_000).contains(epoch) { throw ValidationError("--epoch is 1 to 1000000, got \(epoch)") }
    try OutputEnding.check(out, is: "html")
  }

  mutating func execute() throws(Failure) {
    let (model, opening) = try DataCommand.opening(net, name, skipsBadRows: true)
    let parts: DataOpening.Parts
    do { parts = try opening.open() } catch {
      throw Failure(error, ofDataSeenFrom: opening.folder, note: model.training?.dataPlace)
    }
    guard let dataset = on == .training ? parts.training : parts.validation else {
      throw Failure(.diagnostics, "\(net.file): there is no validation data")
    }
    let examples = try examples(dataset, seed: opening.seed)
    let sheet = ContactSheet(
      title: model.name,
      note:
        "\(examples.count) of \(NumberFormat.grouped(dataset.count)) \(on.rawValue) examples of \(dataset.origin), as epoch \(epoch) has them",
      examples: examples)
    let path = out ?? "\(model.name)-data.html"
    do throws(DataError) {
      var file = try AtomicFile(path)
      try file.write(sheet.html)
      try file.commit()
    } catch { throw Failure(error) }
    Terminal.result("\(path)\n")
  }

  private func examples(_ dataset: Dataset, seed: UInt64) throws(Failure) -> [RunReport.Example] {
    let shower = ExampleShower(dataset, encoders: dataset.encoders)
    do throws(DataError) {
      var sequence = try BatchSequence(
        dataset, batch: min(count, dataset.count), shuffle: true, keepLast: true, seed: seed)
      sequence.startEpoch(epoch - 1)
      var numbers: [Float] = []
      var size = 0
      if let tensor = shower.pictureTensor {
        size = dataset.tensors[tensor].exampleSize
        numbers = [Float](repeating: 0, count: size * sequence.exampleCount(ofBatch: 0))
        numbers.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: tensor, batch: 0) }
        if let failure = sequence.failure { throw failure }
      }
      return sequence.rows(ofBatch: 0).enumerated().map { index, row in
        shower.example(
          Int(row), numbers: { _ in numbers[(index * size)..<((index + 1) * size)] }, lines: labels(Int(row), dataset))
      }
    } catch { throw Failure(error) }
  }

  /// The targets of an example in words.
  private func labels(_ row: Int, _ dataset: Dataset) -> [String] {
    dataset.tensors.indices.compactMap { index in
      let tensor = dataset.tensors[index]
      guard tensor.declaration.role == .target else { return nil }
      if tensor.declaration.classCount != nil, tensor.declaration.shape.isEmpty {
        return tensor.className(tensor.classNumber(row))
      }
      let numbers = dataset.numbers(tensor: index)?(row).prefix(8).map { NumberFormat.short(Double($0)) } ?? []
      return numbers.isEmpty ? nil : "\(tensor.declaration.name): \(numbers.joined(separator: ", "))"
    }
  }
}
