import Reports
import Source
import Training

extension TrainingSession {
  /// What a file of weights says besides its tensors: the net, and the names of classes in the order of their numbers, as JSON.
  var weightsMetadata: [String: String] {
    ["format": "pt", "net": model.name].merging(Preprocessing(training.dataset).metadata) { first, _ in first }
  }

  /// The losses of the run for people who look at the result in a terminal; nothing elsewhere.
  func chart(_ folder: RunFolder) -> String {
    guard Terminal.drawsResult, let stored = try? StoredRun(folder.path), let losses = stored.history.charts.first,
      losses.curves.contains(where: { $0.points.count > 4 })
    else { return "" }
    return losses.text(width: min(Terminal.resultWidth, 100), height: 8, isColoured: Terminal.coloursResult)
  }

  /// Leaves the run's page, which begins with the first line of `conclusion`. What stands in its way is only told, for the run itself is
  /// whole.
  func writeReport(_ folder: RunFolder, _ conclusion: String) {
    // The weights are read from their file into a machine of its own, which would be the run's second.
    machine.discard()
    do throws(Failure) {
      let net = TrainedNet(
        file, model, settings, weights: folder.weights, preprocessing: Preprocessing(training.dataset),
        threads: machine.threads)
      try ReportWriter(
        run: try StoredRun(folder.path), net: net, dataset: validation?.dataset ?? training.dataset,
        part: validation == nil ? .training : .validation, conclusion: String(conclusion.prefix { $0 != "\n" })
      ).write()
    } catch {
      Terminal.note("note: the run has no report: \(error.message)\n")
    }
  }

  /// Leaves `profile.txt` and `profile.json` in the folder of a run that was profiled; gives the text.
  func writeProfile(_ profile: TrainingProfile?, _ folder: RunFolder) throws(Failure) -> String? {
    guard let profile, profile.steps > 0 else { return nil }
    let report = ProfileReport(
      profile, machine, net: model.name, batch: training.batch, instructionSet: instructionSet, lines: file.lines)
    try folder.write(report.text, to: "profile.txt")
    try folder.write(report.json.text + "\n", to: "profile.json")
    return report.text
  }
}
