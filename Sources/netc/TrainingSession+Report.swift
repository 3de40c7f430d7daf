extension TrainingSession {
  /// Leaves the run's page, which begins with the first line of `conclusion`. What stands in its way is only told, for the run itself is
  /// whole.
  func writeReport(_ folder: RunFolder, _ conclusion: String) {
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
}
