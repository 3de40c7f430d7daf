import Source

/// The losses and metrics of a run, from the files that it wrote. What a crash cut off of their ends is left out.
package struct RunHistory: Sendable {
  /// The loss of each step.
  package private(set) var losses: [(x: Double, y: Double)] = []
  /// The columns of `metrics.csv`, with a value for each epoch: nil where it was not taken.
  package private(set) var columns: [(name: String, values: [Double?])] = []

  /// - Parameters:
  ///   - steps: the content of `steps.jsonl`.
  ///   - metrics: the content of `metrics.csv`.
  package init(steps: [UInt8], metrics: [UInt8]) {
    for line in steps.split(separator: UInt8(ascii: "\n")) {
      guard let object = try? JSON(parsing: Array(line)), let step = object["step"]?.number,
        let loss = object["loss"]?.number
      else { continue }
      losses.append((step, loss))
    }
    let rows = String(decoding: metrics, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard let titles = rows.first else { return }
    let whole = rows.dropFirst().filter { $0.count == titles.count }
    columns = titles.indices.map { index in
      (String(titles[index]), whole.map { Double($0[index]) })
    }
  }

  /// The number of epochs that ended.
  package var epochs: Int { columns.first?.values.count ?? 0 }

  /// A measure at the last epoch that has it.
  package func last(_ name: String) -> Double? {
    columns.first { $0.name == name }?.values.last { $0 != nil } ?? nil
  }

  /// The seconds of all epochs.
  package var seconds: Double {
    columns.first { $0.name == "seconds" }?.values.reduce(0) { $0 + ($1 ?? 0) } ?? 0
  }

  /// What can be drawn: the loss, then what validation measured.
  package var measures: [String] {
    let measured = columns.map(\.name).filter { $0.hasPrefix("val.") }
    return (losses.isEmpty && epochs == 0 ? [] : ["loss"]) + measured
      + (columns.contains { $0.name == "learning_rate" } ? ["learning_rate"] : [])
  }

  /// A measure over the steps; of the loss, that of each step. Empty where it was never taken.
  package func points(_ name: String) -> [(x: Double, y: Double)] {
    if name == "loss", !losses.isEmpty { return losses }
    guard let steps = columns.first(where: { $0.name == "step" })?.values,
      let values = columns.first(where: { $0.name == name })?.values
    else { return [] }
    return zip(steps, values).compactMap { step, value in
      guard let step, let value else { return nil }
      return (step, value)
    }
  }

  /// The charts that tell a run: losses together, each metric of the validation, and the learning rate where it changed.
  package var charts: [LineChart] {
    var charts = [
      LineChart(
        "loss", unit: "step",
        [Curve("training", points: points("loss")), Curve("validation", points: points("val.loss"))])
    ]
    for name in measures where name.hasPrefix("val.") && name != "val.loss" {
      charts.append(LineChart(name, unit: "step", [Curve(name, points: points(name))]))
    }
    let rates = points("learning_rate")
    if Set(rates.map(\.y)).count > 1 {
      charts.append(LineChart("learning rate", unit: "step", [Curve("learning rate", points: rates)]))
    }
    return charts.filter { !$0.curves.isEmpty }
  }
}
