/// Decides at the end of each epoch whether training goes on: it stops once its measure has not been better than the best one for
/// as long as the rule says. A measure that is equal to the best one is not better.
package final class EarlyStopControl {
  /// What it remembers; to be saved with the state of a run.
  package struct State: Hashable, Sendable {
    package var best = BestMeasure()
    /// Epochs or steps, as the patience counts, since the best measure.
    package var waited = 0.0

    package init() {}
  }

  private let rule: EarlyStopSettings
  private let higherIsBetter: Bool
  package var state = State()

  /// - Parameter higherIsBetter: about the measure that the rule watches.
  package init(_ rule: EarlyStopSettings, higherIsBetter: Bool) {
    self.rule = rule
    self.higherIsBetter = higherIsBetter
  }

  /// Takes notice of the measures at the end of an epoch of `steps` steps; says whether the one that is watched is the best so far.
  /// - Parameter measure: the value of `loss`, `val.loss`, `val.accuracy`; nil where it was not taken.
  package func observe(steps: Int, measure: (String) -> Double?) -> Bool {
    guard let value = measure(rule.on) else { return false }
    if state.best.observe(value, higherIsBetter: higherIsBetter) {
      state.waited = 0
      return true
    }
    switch rule.patience {
    case .epochs: state.waited += 1
    case .steps: state.waited += Double(steps)
    }
    return false
  }

  /// Whether training is to stop.
  package var isExhausted: Bool {
    switch rule.patience {
    case .epochs(let count), .steps(let count): state.waited >= count
    }
  }
}
