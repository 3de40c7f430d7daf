import Testing
import Vocabulary

/// Learning rates against PyTorch's schedulers, stepped once a step.
@Suite struct ScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, steps: Int) -> [Double] {
    (1...steps).map { schedule.rate(step: $0, base: 0.4, stepsPerEpoch: 3, totalSteps: steps) }
  }

  private func expect(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
  }

  @Test func constant() { expect(rates(.constant, steps: 2), [0.4, 0.4]) }

  /// `StepLR(optimizer, 3, 0.1)`
  @Test func step() {
    let expected = [0.4, 0.4, 0.4, 0.04, 0.04, 0.04, 0.004, 0.004]
    expect(rates(.step(every: .epochs(1), gamma: 0.1), steps: 8), expected)
    expect(rates(.step(every: .steps(3), gamma: 0.1), steps: 8), expected)
  }

  /// `CosineAnnealingLR(optimizer, 10, 0.1)`
  @Test func cosine() {
    expect(
      rates(.cosine(to: 0.1), steps: 10),
      [
        0.4, 0.3926584774, 0.3713525492, 0.3381677878, 0.2963525492, 0.25, 0.2036474508, 0.1618322122, 0.1286474508,
        0.1073415226,
      ])
  }

  /// `LinearLR(optimizer, 1.0, 0.25, 10)`
  @Test func linear() {
    expect(rates(.linear(to: 0.1), steps: 10), [0.4, 0.37, 0.34, 0.31, 0.28, 0.25, 0.22, 0.19, 0.16, 0.13])
  }

  @Test func warmup() {
    expect(rates(.warmup(.steps(4), then: .constant), steps: 6), [0.1, 0.2, 0.3, 0.4, 0.4, 0.4])
    expect(rates(.warmup(.epochs(1), then: .linear(to: 0)), steps: 7), [0.4 / 3, 0.8 / 3, 0.4, 0.4, 0.3, 0.2, 0.1])
  }

  /// Vaswani et al. 2017, section 5.3: proportional to min(step / w, sqrt(w / step)).
  @Test func inverseSquareRoot() {
    let expected = (1...9).map { step in 0.4 * min(Double(step) / 4, (4 / Double(step)).squareRoot()) }
    expect(rates(.warmup(.steps(4), then: .inverseSquareRoot), steps: 9), expected)
  }

  /// `ReduceLROnPlateau(optimizer, mode, factor=0.5, patience=2)`: the rate after each of the measures.
  @Test func plateau() {
    func rates(_ measures: [Double], higherIsBetter: Bool, patience: TrainingSpan) -> [Double] {
      let rule = PlateauRule(on: "val.loss", factor: 0.5, patience: patience)
      let control = RateControl(
        .warmup(.steps(1), then: .plateau(rule)), base: 0.4, stepsPerEpoch: 3, totalSteps: 90,
        higherIsBetter: higherIsBetter)
      return measures.map { measure in
        control.observe(steps: 3) { $0 == "val.loss" ? measure : nil }
        return control.rate(step: 7)
      }
    }
    let losses = [1, 0.9, 0.9, 0.95, 0.91, 0.8999, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86]
    let expected = [0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05]
    expect(rates(losses, higherIsBetter: false, patience: .epochs(2)), expected)
    expect(rates(losses, higherIsBetter: false, patience: .steps(6)), expected)
    expect(
      rates([0.1, 0.2, 0.2, 0.20001, 0.2, 0.3, 0.1, 0.1, 0.1], higherIsBetter: true, patience: .epochs(2)),
      [0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.1])
  }

  /// `keras.callbacks.EarlyStopping(patience=2)`: stops after the second measure in a row that is not better than the best.
  @Test func earlyStop() {
    func epochs(_ measures: [Double?], _ patience: TrainingSpan, higherIsBetter: Bool = false) -> (
      best: [Int], end: Int
    ) {
      let rule = EarlyStopSettings(patience: patience, on: "val.loss", restore: false)
      let control = EarlyStopControl(rule, higherIsBetter: higherIsBetter)
      var best: [Int] = []
      for (epoch, measure) in measures.enumerated() {
        if control.observe(steps: 3, measure: { $0 == "val.loss" ? measure : nil }) { best.append(epoch) }
        if control.isExhausted { return (best, epoch) }
      }
      return (best, measures.count)
    }
    #expect(epochs([3, 2, 2, 1.5, 1.6, 1.5, 0], .epochs(2)) == ([0, 1, 3], 5))
    #expect(epochs([3, 2, 2, 1.5, 1.6, 1.5, 0], .steps(6)) == ([0, 1, 3], 5))
    #expect(epochs([3, 2, 2, 4], .epochs(2), higherIsBetter: true) == ([0], 2))
    #expect(epochs([nil, nil, nil], .epochs(1)) == ([], 3))
    #expect(epochs([.nan, 1, .nan, 0.5], .epochs(2)) == ([1, 3], 4))
  }
}
