import Datasets
import Reports
import Source

/// What a net that names classes or predicts numbers says of examples that a command line names.
struct ExamplePrediction {
  private let net: TrainedNet
  private let task: PredictionTask
  private let opening: PredictionOpening
  private let form: PredictionOpening.Form

  /// One example and what the net says of it.
  private struct Line {
    var name: String
    var answer: PredictionTask.Answer
  }

  /// How many classes the text form names.
  private static let mostClasses = 5

  /// Nil for a net that does something else, such as writing texts.
  init?(_ net: TrainedNet) {
    guard let task = PredictionTask(net.model) else { return nil }
    opening = PredictionOpening(
      net.opening, statistics: net.preprocessing?.transforms ?? [], encoders: net.encoders)
    guard let form = opening.form else { return nil }
    self.net = net
    self.task = task
    self.form = form
  }

  /// Tells the predictions for the inputs in the given form.
  ///
  /// What an input is depends on what the net has learnt from: the file of a picture or a folder of them; a table (`.csv` or `.tsv`) or the
  /// numbers of one row, with commas; a text. Files that are no pictures are named while the others are answered; the failure comes after.
  func tell(_ inputs: [String], format: TableFormat) throws(Failure) {
    var lines: [Line] = []
    var unreadable: [DataError] = []
    if form == .pictures {
      var paths: [String] = []
      for input in inputs { paths += try pictures(input) }
      for start in stride(from: 0, to: paths.count, by: opening.picturesAtOnce) {
        let part = Array(paths[start..<min(paths.count, start + opening.picturesAtOnce)])
        guard let dataset = try readable(part, &unreadable) else { continue }
        lines += try net.answers(task, dataset).map { Line(name: dataset.path(ofRow: $0.row) ?? "", answer: $0.answer) }
      }
    } else {
      for (dataset, name) in try datasets(inputs) {
        Terminal.warn(ofWhatIsLostIn: [dataset])
        lines += try net.answers(task, dataset).map { Line(name: name($0.row), answer: $0.answer) }
      }
    }
    if let only = unreadable.first, unreadable.count == 1, lines.isEmpty { throw Failure(only) }
    for error in unreadable { _ = Failure(.badData, error.message).reported() }
    if unreadable.isEmpty || !lines.isEmpty { Terminal.result(text(lines, format)) }
    guard unreadable.isEmpty else {
      let asked = NumberFormat.grouped(unreadable.count + lines.count)
      throw Failure(.badData, "\(NumberFormat.grouped(unreadable.count)) of \(asked) files cannot be read")
    }
  }

  private func text(_ lines: [Line], _ format: TableFormat) -> String {
    switch format {
    case .text: lines.map { text($0) + "\n" }.joined()
    case .json: JSON.array(lines.map(json)).text + "\n"
    case .csv: csv(lines)
    }
  }

  /// The pictures among these files, nil where there is none; what is wrong with the others joins `unreadable`.
  private func readable(_ paths: [String], _ unreadable: inout [DataError]) throws(Failure) -> Dataset? {
    do throws(DataError) {
      let dataset = try opening.pictures(paths)
      unreadable += dataset.skipped
      return dataset.count > 0 ? dataset : nil
    } catch { throw Failure(error) }
  }

  /// Rows and texts as examples, with the name of each row.
  private func datasets(_ inputs: [String]) throws(Failure) -> [(Dataset, (Int) -> String)] {
    do throws(DataError) {
      if form == .texts {
        if !inputs.contains(where: isTable) {
          for (index, input) in inputs.enumerated() {
            let origin = "the command line: text \(index + 1)"
            if FolderListing.exists(input) {
              Terminal.warn(ofFileNamedBy: input, origin: origin, reads: "tables of texts")
            }
            // Those without a piece are told of with all that is lost.
            if let encoder = net.encoders.first, encoder.withoutPiece(input) == nil {
              Terminal.warn(ofUnknown: input, origin: origin, encoder)
            }
          }
          return [(try opening.texts(inputs), { inputs[$0] })]
        }
        if let text = inputs.first(where: { !isTable($0) }) {
          throw DataError(
            .description, "the command line", "\(DataError.quoted(text)) is no table, others are",
            help: "ask about texts and about tables one after the other")
        }
        return try inputs.map { path throws(DataError) in (try opening.rows(path), { "\(path) row \($0 + 1)" }) }
      }
      return try inputs.map { input throws(DataError) in
        if let numbers = numbers(input) { return (try opening.example(numbers), { _ in input }) }
        return (try opening.rows(input), { "\(input) row \($0 + 1)" })
      }
    } catch { throw Failure(error) }
  }

  /// The pictures that an argument names: itself, or those below a folder.
  private func pictures(_ path: String) throws(Failure) -> [String] {
    guard FolderListing.isFolder(path) else { return [path] }
    do { return try opening.pictureFiles(below: FolderListing.withoutSlashes(path)) } catch { throw Failure(error) }
  }

  /// Whether an argument is the path of a table; one without blanks that ends so is, though there be no such file.
  private func isTable(_ path: String) -> Bool {
    (path.hasSuffix(".csv") || path.hasSuffix(".tsv"))
      && (FolderListing.exists(path) || !path.contains(where: \.isWhitespace))
  }

  /// `5.1, 3.5, 1.4`; nil for what is no row of numbers.
  private func numbers(_ text: String) -> [Double]? {
    guard !FolderListing.exists(text) else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      Double(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
    }
    return parts.contains { $0 == nil || $0?.isFinite == false } ? nil : parts.compactMap { $0 }
  }

  private func name(_ number: Int) -> String { net.preprocessing?.className(number, of: task.target) ?? String(number) }

  private func originals(_ values: [Double]) -> [Double] {
    values.map { net.preprocessing?.original($0, of: task.target) ?? $0 }
  }

  private func text(_ line: Line) -> String {
    let answer: String
    switch line.answer {
    case .classes(let shares):
      let order = shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }
      answer = order.prefix(ExamplePrediction.mostClasses).map {
        "\(DisplayText.escaped(name($0))) \(NumberFormat.fixed(shares[$0], 4))"
      }.joined(separator: "  ")
    case .values(let values): answer = originals(values).map(NumberFormat.short).joined(separator: "  ")
    }
    return "\(DisplayText.escaped(line.name)): \(answer)"
  }

  private func json(_ line: Line) -> JSON {
    switch line.answer {
    case .classes(let shares):
      let best = line.answer.best ?? 0
      return .object([
        ("input", .string(line.name)), ("class", .string(name(best))), ("probability", .number(shares[best])),
        ("probabilities", .object(shares.enumerated().map { (name($0), .number($1)) })),
      ])
    case .values(let values):
      return .object([("input", .string(line.name)), (task.target.name, .array(originals(values).map(JSON.number)))])
    }
  }

  private func csv(_ lines: [Line]) -> String {
    let size = task.target.shape.reduce(1, *)
    let titles =
      task.kind == .values
      ? (0..<size).map { size == 1 ? task.target.name : "\(task.target.name).\($0)" }
      : ["class", "probability"] + (0..<(task.target.classCount ?? 0)).map(name)
    let rows = lines.map { line -> [String] in
      switch line.answer {
      case .classes(let shares):
        let best = line.answer.best ?? 0
        return [line.name, name(best), shares[best].description] + shares.map(\.description)
      case .values(let values): return [line.name] + originals(values).map(\.description)
      }
    }
    return ([["input"] + titles] + rows).map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  }
}
