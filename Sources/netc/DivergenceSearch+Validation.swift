import Datasets
import Driver
import Execution
import Training

extension DivergenceSearch {
  /// A sentence about the first number of the validation that is not finite, with the weights as they are; nil where there is none, or no
  /// memory to find it.
  func findingInValidation() -> String? {
    guard let validation = session.validation else { return nil }
    let batches = 0..<validation.batchesPerEpoch
    for size in Set(batches.map { validation.exampleCount(ofBatch: $0) }).sorted(by: >) {
      guard
        let inspection = try? Inspection(session.model, .evaluation, batch: size, unit: session.instructionSet.unit),
        let machine = try? Machine(
          plans: [inspection.plan], threads: session.machine.threads, table: session.instructionSet.kernelTable),
        let feeder = try? BatchFeeder(machine, plan: 0, dataset: validation.dataset)
      else { return nil }
      let values = Dictionary(session.machine.variables.map { ($0.name, $0) }) { first, _ in first }
      for variable in machine.variables {
        if let own = values[variable.name] { machine.write(session.machine.read(own), to: variable) }
      }
      for batch in batches where validation.exampleCount(ofBatch: batch) == size {
        feeder.feed(validation, batch: batch)
        machine.run(0)
        if let found = firstValue(machine, inspection, validation.rows(ofBatch: batch)) {
          return "in the validation, \(found)"
        }
      }
    }
    return nil
  }
}
