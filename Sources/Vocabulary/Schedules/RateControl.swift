/// The learning rate in the course of a run: the schedule, and what it has seen of the measures that it watches.
package final class RateControl {
  private let schedule: LearningRateSchedule
  private let base: Double
  private let stepsPerEpoch: Int
  private let totalSteps: Int
  private let higherIsBetter: Bool
  /// What a plateau remembers; to be saved with the state of a run.
  package var plateau = PlateauRule.State()

  /// - Parameter higherIsBetter: about the measure that the schedule watches.
  package init(
    _ schedule: LearningRateSchedule, base: Double, stepsPerEpoch: Int, totalSteps: Int, higherIsBetter: Bool = false
  ) {
    self.schedule = schedule
    self.base = base
    self.stepsPerEpoch = stepsPerEpoch
    self.totalSteps = totalSteps
    self.higherIsBetter = higherIsBetter
  }

  /// The rate of a step, from 1.
  package func rate(step: Int) -> Double {
    schedule.rate(
      step: step, base: base, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps, reductions: plateau.reductions)
  }

  /// Tells the measures at the end of an epoch of `steps` steps.
  /// - Parameter measure: the value of `loss`, `val.loss`, `val.accuracy`; nil where it was not taken.
  package func observe(steps: Int, measure: (String) -> Double?) {
    guard let rule = schedule.plateau, let value = measure(rule.on) else { return }
    rule.observe(value, steps: steps, higherIsBetter: higherIsBetter, &plateau)
  }
}
