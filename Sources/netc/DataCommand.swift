import ArgumentParser
import Datasets
import Reports
import Semantics
import Source

/// `netc data check`, `netc data show`
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Looks at the data that a net is to learn from.",
    subcommands: [DataCheckCommand.self, DataShowCommand.self])
}

/// `netc data check FILE`, `netc data check FOLDER`
struct DataCheckCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reads every example, tells which cannot be read, and counts classes.",
    discussion:
      "Takes a .net file, whose training and validation data it reads, or a folder with a folder of pictures for each class."
  )

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file trains several.", valueName: "net"))
  var name: String?

  mutating func execute() throws(Failure) {
    if FolderListing.isFolder(net.file), !StoredRun.isRunFolder(net.file) { return try checkFolder() }
    let (model, opening) = try DataCommand.opening(net, name, skipsBadRows: true)
    let parts: DataOpening.Parts
    do { parts = try opening.open() } catch {
      throw Failure(error, ofDataSeenFrom: opening.folder, note: model.training?.dataPlace)
    }
    var broken = 0
    for (title, part) in [("training", parts.training), ("validation", parts.validation)] {
      guard let part else { continue }
      let errors = part.skipped + part.unreadable()
      Terminal.result("\(title): \(NumberFormat.grouped(part.count)) examples of \(part.origin)\n")
      Terminal.result(describe(part))
      for cut in part.cut { Terminal.result("  cut: \(cut.message)\n") }
      for message in part.wordless { Terminal.result("  wordless: \(message)\n") }
      if let unread = part.unreadMessage { Terminal.result("  not read: \(unread)\n") }
      broken += tell(errors)
    }
    Terminal.result(broken == 0 ? "\(model.name): every example can be read\n" : "")
    try refuse(broken)
  }

  private func tell(_ errors: [DataError]) -> Int {
    for error in errors { Terminal.result("  broken: \(error.message)\n") }
    return errors.count
  }

  private func refuse(_ broken: Int) throws(Failure) {
    guard broken > 0 else { return }
    throw Failure(
      .badData, "\(net.file): \(NumberFormat.grouped(broken)) \(broken == 1 ? "example" : "examples") cannot be read",
      help: "repair or remove them, or leave them out with `on_bad = skip`")
  }

  private func describe(_ part: Dataset) -> String {
    var text = ""
    for (position, tensor) in part.tensors.enumerated() {
      let declaration = tensor.declaration
      text += "  \(declaration.role == .input ? "input" : "target") \(declaration.name): \(declaration.type)"
      if let range = part.range(tensor: position) {
        let (low, high) = (NumberFormat.short(Double(range.low)), NumberFormat.short(Double(range.high)))
        text += ", \(low) to \(high), mean \(NumberFormat.short(range.mean))"
      }
      if let filled = part.filledPlaces(tensor: position) {
        text += ", texts fill \(NumberFormat.short(filled.mean)) places in the mean, \(filled.most) at most"
      }
      text += "\n"
      guard let counts = part.classCounts(tensor: position) else { continue }
      text += DataCommand.table(counts)
    }
    return text
  }

  private func checkFolder() throws(Failure) {
    let survey: PictureSurvey
    do { survey = try PictureSurvey(net.file) } catch { throw Failure(error) }
    Terminal.result("\(net.file): \(NumberFormat.grouped(survey.count)) pictures\n")
    Terminal.result(DataCommand.table(survey.classes))
    if let sizes = survey.sizes {
      Terminal.result("  sizes: \(sizes.smallest) to \(sizes.largest)\n")
    }
    for (first, second) in survey.conflicts {
      Terminal.result("  the same file in two classes: \(first) and \(second)\n")
    }
    if survey.duplicates > 0 {
      let copies = "\(NumberFormat.grouped(survey.duplicates)) files are copies of others"
      Terminal.result("  \(survey.duplicates == 1 ? "1 file is a copy of another" : copies)\n")
    }
    try refuse(tell(survey.broken))
  }
}

extension DataCommand {
  /// The model of a file, and how its data is opened; of a run folder, the file that was run.
  static func opening(
    _ net: NetOptions, _ name: String?, skipsBadRows: Bool
  ) throws(Failure) -> (Model, DataOpening) {
    var path = net.file
    var folder: String?
    if FolderListing.isFolder(path) {
      let run = try StoredRun(path)
      path = run.path + "/resolved.net"
      folder = run.record["folder"]?.string
    }
    let file = try CheckedFile(path, overrides: try net.overrides(), folder: folder)
    try file.report()
    let model = try file.model(named: name, trained: true)
    guard let settings = model.training else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) has no `train` section")
    }
    let opening = DataOpening(
      training: settings.data, validation: settings.validation, declarations: model.inputs + model.targets,
      folder: file.folder, seed: settings.seed, skipsBadRows: skipsBadRows || settings.skipsBadRows)
    return (model, opening)
  }

  /// Classes with their numbers of examples and a bar for each.
  static func table(_ counts: [(name: String, count: Int)]) -> String {
    var table = TextTable(rightAligned: [2])
    let most = max(1, counts.map(\.count).max() ?? 1)
    for (name, count) in counts.prefix(200) {
      let bar = String(repeating: "#", count: (30 * count + most - 1) / most)
      table.rows.append(["   ", DisplayText.escaped(name), NumberFormat.grouped(count), bar])
    }
    return table.text + (counts.count > 200 ? "    and \(counts.count - 200) more classes\n" : "")
  }
}
