import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension OptimizerUpdate {
  /// The new weights and states in float64. `operands` are weights, states, learning rate and step.
  func reference(gradient: HostTensor, operands: [HostTensor]) -> [HostTensor] {
    var weights = operands[0]
    var states = Array(operands[1..<(1 + stateCount)])
    let rate = operands[1 + stateCount].values[0]
    let step = operands[2 + stateCount].values[0]
    for index in weights.values.indices where !isLazy || gradient.values[index] != 0 {
      var weight = weights.values[index]
      var slope = gradient.values[index]
      if kind == .adamW { weight *= 1 - rate * weightDecay } else { slope += weightDecay * weight }
      switch kind {
      case .none: break
      case .sgd:
        if momentum != 0 {
          states[0].values[index] = momentum * states[0].values[index] + slope
          slope = nesterov ? slope + momentum * states[0].values[index] : states[0].values[index]
        }
        weight -= rate * slope
      case .adam, .adamW:
        states[0].values[index] = beta1 * states[0].values[index] + (1 - beta1) * slope
        states[1].values[index] = beta2 * states[1].values[index] + (1 - beta2) * slope * slope
        let mean = states[0].values[index] / (1 - pow(beta1, step))
        let variance = states[1].values[index] / (1 - pow(beta2, step))
        weight -= rate * mean / (variance.squareRoot() + epsilon)
      case .adagrad:
        states[0].values[index] += slope * slope
        let decayed = rate / (1 + (step - 1) * rateDecay)
        weight -= decayed * slope / (states[0].values[index].squareRoot() + epsilon)
      case .rmsProp:
        states[0].values[index] = beta2 * states[0].values[index] + (1 - beta2) * slope * slope
        slope /= states[0].values[index].squareRoot() + epsilon
        if momentum != 0 {
          states[1].values[index] = momentum * states[1].values[index] + slope
          slope = states[1].values[index]
        }
        weight -= rate * slope
      }
      weights.values[index] = weight
    }
    return [weights] + states
  }

  /// Rules that samples try: without and with states of both numbers.
  static let samples: [OptimizerUpdate] = [
    .sgd(), .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.01), .adam(weightDecay: 0.01), .adamW(),
    .adagrad(rateDecay: 0.1, weightDecay: 0.01), .rmsProp(weightDecay: 0.01), .rmsProp(momentum: 0.9), lazy,
  ]

  private static var lazy: OptimizerUpdate {
    var update = adam(weightDecay: 0.01)
    update.isLazy = true
    return update
  }

  /// The operands of a sample with this rule: weights, states, learning rate and step.
  func sampleOperands(_ shape: [Int]) -> [(type: TensorType, content: Sample.Content)] {
    guard kind != .none else { return [] }
    let state = Sample.Content.uniform(0.1, 1)
    return [(TensorType(.float32, shape), .uniform(-1, 1))]
      + [(type: TensorType, content: Sample.Content)](
        repeating: (TensorType(.float32, shape), state), count: stateCount)
      + [(TensorType(.float32, []), .uniform(0.01, 0.1)), (TensorType(.int32, []), .integersFrom(1, 5))]
  }
}
