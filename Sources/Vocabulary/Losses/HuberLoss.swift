import Graphs
import Ops

/// `huber(prediction, target, delta=1)`: `torch.nn.functional.huber_loss`.
package enum HuberLoss: LossWord {
  package static let name = "huber"
  package static let documentation =
    "The mean of half the squared differences where they are within `delta`, and of straight lines beyond."
  package static let compared = (prediction: "prediction", target: "target")
  package static let schema: [ArgumentSchema] =
    MSELoss.schema + [.optional("delta", .number(.positive), "1", namedOnly: true)]

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value {
    let (prediction, target) = try comparedPair(arguments, "prediction", "target")
    let difference = try difference(prediction, target, site)
    let delta = arguments.number("delta", else: 1)
    // With c, the difference held within delta: c (difference - c / 2).
    let held = try site.addScalar(Clip(low: -delta, high: delta), [difference])
    let rest = try site.addScalar(Subtract(), [difference, try site.addScalar(Scale(factor: 0.5), [held])])
    return try site.addScalar(MeanAll(), [try site.addScalar(Multiply(), [held, rest])])
  }
}
