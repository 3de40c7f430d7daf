import Datasets
import Driver
import Execution
import Graphs
import Kernels
import Training

/// Finds what was first infinite or no number when a loss is: a run depends on nothing but its state, so its last steps can be done again,
/// and the one that went wrong be looked at value by value.
struct DivergenceSearch {
  let session: TrainingSession
  /// Seconds for a step of the run.
  let secondsPerStep: Double

  /// The longest that doing steps again may take.
  private static let patience = 60.0

  /// A sentence about the first number that is not finite; nil where it cannot be found in a reasonable time.
  /// - Parameters:
  ///   - last: after the last step whose loss was finite.
  ///   - checkpoint: where to start; nil for the beginning of the run.
  func finding(after last: TrainingPosition, from checkpoint: Checkpoint?) -> String? {
    let first = checkpoint?.position ?? TrainingPosition()
    let seconds = Double(last.step - first.step) * secondsPerStep
    guard first.step <= last.step, seconds <= Self.patience else { return nil }
    if seconds > 2 { Terminal.note("looking for the first number that is not finite …\n") }
    do throws(Failure) {
      try session.restore(checkpoint)
      return try replay(from: first, to: last).flatMap(inspect)
    } catch { return nil }
  }

  /// The values of all variables at a place of the run.
  private typealias State = (position: TrainingPosition, values: [[Float]])

  /// The state before the step that made a variable or the loss infinite or no number.
  private func replay(from first: TrainingPosition, to last: TrainingPosition) throws(Failure) -> State? {
    var before: State? = last.step - first.step <= 2 ? (first, snapshot) : nil
    var isFound = false
    var trainer = session.trainer
    _ = try trainer.run(from: first) {
      isFound || Interruption.requested != nil
    } report: { event throws(Failure) in
      switch event {
      case .epoch(let report): session.rates.observe(steps: report.steps, measure: report.measure)
      case .resumable(let position, _):
        guard position.step >= last.step - 2, !isFound else { return }
        let values = snapshot
        isFound = !values.allSatisfy { $0.allSatisfy(\.isFinite) }
        if !isFound { before = (position, values) }
      case .step, .validating: return
      }
    }
    return Interruption.requested == nil ? before : nil
  }

  private var snapshot: [[Float]] { session.machine.variables.map { session.machine.read($0) } }

  /// Does the step after `state` again with all its values kept, and looks at them in order.
  private func inspect(_ state: State) throws(Failure) -> String? {
    guard
      let inspection = try? Inspection(
        session.model, batch: session.training.batch, unit: session.instructionSet.unit),
      let machine = try? Machine(
        plans: [inspection.plan], threads: session.machine.threads, table: session.instructionSet.kernelTable),
      let feeder = try? BatchFeeder(machine, plan: 0, dataset: session.training.dataset)
    else { return nil }
    let names = session.machine.variables.map(\.name)
    let values = Dictionary(zip(names, state.values)) { first, _ in first }
    var sequence = session.training
    sequence.startEpoch(state.position.epoch)
    let step = state.position.step + 1
    for (batch, number) in session.trainer.batches(ofStep: step, index: state.position.stepInEpoch) {
      for variable in machine.variables {
        if let numbers = values[variable.name] { machine.write(numbers, to: variable) }
      }
      feeder.feed(sequence, batch: batch)
      feeder.feed(learningRate: session.rates.rate(step: step), step: number)
      machine.run(0)
      if let found = firstValue(machine, inspection, sequence.rows(ofBatch: batch)) {
        return "at step \(step), \(found)"
      }
    }
    return nil
  }

  /// The first value that is not finite, in words; `rows` are the examples of the batch.
  func firstValue(
    _ machine: Machine, _ inspection: Inspection, _ rows: ArraySlice<Int32>
  ) -> String? {
    var largest: [Float] = []
    for (place, output) in zip(inspection.places, machine.plans[0].outputs) {
      let numbers = machine.read(output)
      largest.append(numbers.reduce(0) { max($0, abs($1)) })
      guard let wrong = numbers.first(where: { !$0.isFinite }) else { continue }
      let count = numbers.count { !$0.isFinite }
      var text =
        "\(words(place)) is \(wrong) in \(NumberFormat.grouped(count)) of \(NumberFormat.grouped(numbers.count)) numbers"
      if place.phase == .forward, let example = example(numbers, output.shape, rows) { text += " (\(example))" }
      if let source = place.operands.map({ largest[$0] }).max() {
        text += ", made of numbers up to \(NumberFormat.short(Double(source)))"
      }
      return text
    }
    let wrong = machine.variables.first { !machine.read($0).allSatisfy(\.isFinite) }
    return wrong.map { "the update of \(DataError.quoted($0.name)) is not finite" }
  }

  /// The first of the examples whose numbers are not finite, where they are a few; nil where they are many, or nobody's.
  private func example(_ numbers: [Float], _ shape: [Int], _ rows: ArraySlice<Int32>) -> String? {
    guard shape.first == rows.count, rows.count > 1, numbers.count % rows.count == 0 else { return nil }
    let size = numbers.count / rows.count
    let wrong = rows.indices.filter { row in
      let start = (row - rows.startIndex) * size
      return !numbers[start..<(start + size)].allSatisfy(\.isFinite)
    }
    guard let first = wrong.first, 2 * wrong.count <= rows.count else { return nil }
    let file = session.training.dataset.path(ofRow: Int(rows[first])).map { ", \($0)" } ?? ""
    return "example \(rows[first])\(file)\(wrong.count > 1 ? " and \(wrong.count - 1) more" : "")"
  }

  /// `the output of `fc1` (linear, line 4)`
  private func words(_ place: Inspection.Place) -> String {
    let what =
      switch place.phase {
      case .forward: "the output of"
      case .loss, .metric: "the loss at"
      case .gradient: "the gradient at"
      case .update: "the update at"
      }
    let name = place.path.isEmpty ? "`\(place.op)`" : DataError.quoted(place.path)
    let details = (place.path.isEmpty ? [] : [place.op]) + (place.line > 0 ? ["line \(place.line)"] : [])
    return "\(what) \(name)" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
  }
}
