/// A length of training, as `30 epochs` or `2000 steps` says it.
package enum TrainingSpan: Hashable, Sendable {
  case epochs(Double)
  case steps(Double)

  /// Whether it is longer than nothing; of steps there is none shorter than one.
  package var isPositive: Bool {
    switch self {
    case .epochs(let count): count > 0
    case .steps(let count): count >= 1
    }
  }

  /// The length in steps, where an epoch has `stepsPerEpoch`.
  package func steps(stepsPerEpoch: Int) -> Double {
    switch self {
    case .epochs(let count): count * Double(stepsPerEpoch)
    case .steps(let count): count
    }
  }
}

extension TrainingSpan: CustomStringConvertible {
  package var description: String {
    switch self {
    case .epochs(let count): "\(numberText(count)) \(count == 1 ? "epoch" : "epochs")"
    case .steps(let count): "\(numberText(count)) \(count == 1 ? "step" : "steps")"
    }
  }
}

/// A number as a user would write it: whole numbers without a point.
package func numberText(_ number: Double) -> String {
  if let whole = Int(exactly: number) { return String(whole) }
  return number.description
}
