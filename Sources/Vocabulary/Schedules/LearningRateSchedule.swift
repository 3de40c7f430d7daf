#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the learning rate changes from step to step; a pure function of the step, and of how often a plateau was met.
package indirect enum LearningRateSchedule: Hashable, Sendable {
  case constant
  /// Multiplied by `gamma` after every `every`, as `torch.optim.lr_scheduler.StepLR`.
  case step(every: TrainingSpan, gamma: Double)
  /// Half a cosine from the optimizer's rate to `to` over the whole run, as `CosineAnnealingLR`.
  case cosine(to: Double)
  /// A straight line from the optimizer's rate to `to` over the whole run.
  case linear(to: Double)
  /// The optimizer's rate times `sqrt(w / step)`, where w is the length of the warm-up before it, or 1.
  case inverseSquareRoot
  /// The optimizer's rate, multiplied by the rule's factor for each plateau.
  case plateau(PlateauRule)
  /// A straight line up to the optimizer's rate, which is reached at the last step of the span; then the rest of the run.
  case warmup(TrainingSpan, then: LearningRateSchedule)

  /// The learning rate of a step.
  /// - Parameters:
  ///   - step: the number of the step, from 1.
  ///   - base: the rate that the optimizer states.
  ///   - stepsPerEpoch: how many steps an epoch has.
  ///   - totalSteps: how many steps the run has.
  ///   - reductions: how often a plateau was met.
  package func rate(step: Int, base: Double, stepsPerEpoch: Int, totalSteps: Int, reductions: Int = 0) -> Double {
    let reduced = plateau.map { base * pow($0.factor, Double(reductions)) } ?? base
    return rate(Double(step), reduced, stepsPerEpoch: stepsPerEpoch, total: Double(totalSteps), warmup: 0)
  }

  /// The rule that waits for a measure to improve, if there is one in the chain.
  package var plateau: PlateauRule? {
    switch self {
    case .plateau(let rule): rule
    case .warmup(_, let rest): rest.plateau
    case .constant, .step, .cosine, .linear, .inverseSquareRoot: nil
    }
  }

  /// `step` and `total` count from the end of a warm-up of `warmup` steps.
  private func rate(_ step: Double, _ base: Double, stepsPerEpoch: Int, total: Double, warmup: Double) -> Double {
    let progress = total > 0 ? min(1, max(0, (step - 1) / total)) : 0
    switch self {
    case .constant, .plateau: return base
    case .step(let every, let gamma):
      return base
        * pow(gamma, ((step - 1) / max(1, every.steps(stepsPerEpoch: stepsPerEpoch).rounded())).rounded(.down))
    case .cosine(let to): return to + (base - to) * (1 + cos(Double.pi * progress)) / 2
    case .linear(let to): return base + (to - base) * progress
    case .inverseSquareRoot: return base * (max(1, warmup) / max(1, step + warmup)).squareRoot()
    case .warmup(let span, let rest):
      let length = span.steps(stepsPerEpoch: stepsPerEpoch).rounded()
      if step <= length { return base * step / length }
      return rest.rate(
        step - length, base, stepsPerEpoch: stepsPerEpoch, total: total - length, warmup: warmup + length)
    }
  }
}

extension LearningRateSchedule: CustomStringConvertible {
  package var description: String {
    switch self {
    case .constant: "constant"
    case .step(let every, let gamma): "step(every=\(every), gamma=\(numberText(gamma)))"
    case .cosine(let to): "cosine(to=\(numberText(to)))"
    case .linear(let to): "linear(to=\(numberText(to)))"
    case .inverseSquareRoot: "inverse_sqrt"
    case .plateau(let rule): "plateau(on=\(rule.on), factor=\(numberText(rule.factor)), patience=\(rule.patience))"
    case .warmup(let span, .constant): "warmup(\(span))"
    case .warmup(let span, let rest): "warmup(\(span)) -> \(rest)"
    }
  }
}
