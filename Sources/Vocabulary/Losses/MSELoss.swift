import Graphs
import Ops

/// `mse(prediction, target)`: `torch.nn.functional.mse_loss`.
package enum MSELoss: LossWord {
  package static let name = "mse"
  package static let documentation = "The mean of the squared differences."
  package static let compared = (prediction: "prediction", target: "target")
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("prediction", .tensor), ArgumentSchema("target", .tensor),
  ]

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value {
    let (prediction, target) = try comparedPair(arguments, "prediction", "target")
    return try meanDifference(prediction, target, Square(), site)
  }
}
