/// When a learning rate is reduced because a measure no longer improves, as `torch.optim.lr_scheduler.ReduceLROnPlateau`: the
/// measure is better if it passes the best one by more than one part in ten thousand.
package struct PlateauRule: Hashable, Sendable {
  /// `loss`, `val.loss`, `val.accuracy`.
  package var on: String
  package var factor: Double
  /// The rate is reduced when the measure has not been better for more than this.
  package var patience: TrainingSpan

  package init(on: String, factor: Double, patience: TrainingSpan) {
    self.on = on
    self.factor = factor
    self.patience = patience
  }

  /// What the rule remembers between two measures.
  package struct State: Hashable, Sendable {
    /// How often the rate has been reduced.
    package var reductions = 0
    package var best: Double?
    /// Epochs or steps, as the patience counts, since the best measure or the last reduction.
    package var waited = 0.0

    package init() {}
  }

  /// Takes notice of a measure after an epoch of `steps` steps.
  package func observe(_ value: Double, steps: Int, higherIsBetter: Bool, _ state: inout State) {
    let isBetter = state.best.map { higherIsBetter ? value > $0 * (1 + 1e-4) : value < $0 * (1 - 1e-4) } ?? true
    if isBetter {
      state.best = value
      state.waited = 0
      return
    }
    let limit: Double
    switch patience {
    case .epochs(let count):
      limit = count
      state.waited += 1
    case .steps(let count):
      limit = count
      state.waited += Double(steps)
    }
    if state.waited > limit {
      state.reductions += 1
      state.waited = 0
    }
  }
}
