import Graphs

/// The first values of weights; the arguments are evaluated for each weight, with `fan_in` and `fan_out` at hand.
package protocol InitializerWord: Word {
  static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer
}

/// The standard deviation of He's initialisation for a leaky ReLU of slope `a`, as `torch.nn.init` computes it.
func kaimingDeviation(_ arguments: Arguments, _ fans: WeightFans) -> Double {
  let slope = arguments.number("a", else: 0)
  let fan = arguments.text("mode") == "fan_out" ? fans.fanOut : fans.fanIn
  return (2 / (1 + slope * slope) / Double(max(1, fan))).squareRoot()
}

/// The standard deviation of Glorot's initialisation.
func xavierDeviation(_ arguments: Arguments, _ fans: WeightFans) -> Double {
  arguments.number("gain", else: 1) * (2 / (Double(fans.fanIn) + Double(max(1, fans.fanOut)))).squareRoot()
}

/// What Keras calls variance scaling: a mean of squares of `scale` over the inputs, the outputs, or the mean of both.
func varianceScaling(scale: Double, mode: String, distribution: String, _ fans: WeightFans) -> Initializer {
  let count =
    switch mode {
    case "fan_out": Double(fans.fanOut)
    case "fan_avg": (Double(fans.fanIn) + Double(fans.fanOut)) / 2
    default: Double(fans.fanIn)
    }
  let variance = scale / max(1, count)
  switch distribution {
  case "uniform": return .uniform(bound: (3 * variance).squareRoot())
  case "normal": return .normal(standardDeviation: variance.squareRoot())
  default:
    // The deviation of a normal distribution whose tails beyond twice the deviation are cut off.
    let deviation = variance.squareRoot() / 0.87962566103423978
    return .truncatedNormal(standardDeviation: deviation, bound: 2 * deviation)
  }
}
