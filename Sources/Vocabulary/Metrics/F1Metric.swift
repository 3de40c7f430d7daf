import Graphs
import Ops

/// `f1`: scikit-learn's `f1_score`, macro-averaged; of a yes-or-no target that of `true`.
package enum F1Metric: MetricWord {
  package static let name = "f1"
  package static let documentation =
    "The harmonic mean of precision and recall; the mean over the classes unless `average` says otherwise."
  package static let higherIsBetter = true
  package static let schema = metricTensors + [classAverage]

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    try classification(.f1, prediction, target, arguments, site)
  }
}

/// How a metric of classes is averaged.
let classAverage = ArgumentSchema.optional(
  "average", .choice(["macro", "micro", "weighted"]), "macro", namedOnly: true)

/// The common way of `precision`, `recall` and `f1`.
func classification(
  _ measure: ClassificationMeasure, _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
) throws(WordError) -> MetricParts {
  let average = arguments.text("average").flatMap(ClassAverage.init) ?? .macro
  let counts = try classCounts(prediction, target, pairs: false, site)
  return MetricParts(.classification(measure, average), [counts])
}

/// What was predicted and what was true, counted over all places of all examples.
func classCounts(
  _ prediction: Tensor, _ target: Tensor, pairs: Bool, _ site: LayerSite
) throws(WordError) -> Value {
  let op = ClassCounts(countsPairs: pairs)
  guard target.type.element == .bool else {
    try checkClasses(prediction, target)
    return try site.addScalar(op, [prediction.value, target.value])
  }
  return try site.addScalar(op, try flatPair(prediction, target, site))
}

/// A logit and whether it is true, place by place.
func flatPair(_ prediction: Tensor, _ target: Tensor, _ site: LayerSite) throws(WordError) -> [Value] {
  guard prediction.type.shape == target.type.shape, prediction.type.element == .float32 else {
    throw .typesDiffer("prediction", prediction.type, "target", target.type)
  }
  let count = target.type.batched(site.batch).count
  return [
    try site.addScalar(Reshape(shape: [count]), [prediction.value]),
    try site.addScalar(Reshape(shape: [count]), [target.value]),
  ]
}
