import Graphs
import Ops

/// `mae(prediction, target)`: `torch.nn.functional.l1_loss`.
package enum MAELoss: LossWord {
  package static let name = "mae"
  package static let documentation = "The mean of the absolute differences."
  package static let compared = (prediction: "prediction", target: "target")
  package static let schema: [ArgumentSchema] = MSELoss.schema

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value {
    let (prediction, target) = try comparedPair(arguments, "prediction", "target")
    return try meanDifference(prediction, target, Absolute(), site)
  }
}
