/// How what the batches of a set say of a metric becomes its value over the whole set.
package enum MetricSummary: Hashable, Sendable {
  /// Each batch gives the mean over its examples.
  case mean
  /// Each batch counts, and each of its examples counts at most so much. Sums of counts are exact, so that equal shares are equal numbers:
  /// early stopping and the best epoch depend on which is greater.
  case share(most: Int)
  /// Each batch gives a mean and of how much it is one, which may be nothing.
  case weightedMean
  /// Each batch gives a sum and what to divide by, which may be 0 for a batch.
  case ratio
  /// e to the power of that.
  case exponentialOfRatio
  /// Each batch counts, for each class, hits, predictions and true ones: tensors [3, classes].
  case classification(ClassificationMeasure, ClassAverage)
  /// Each batch counts pairs of true and predicted class: tensors [classes, classes]. There is no single value.
  case confusion
  /// Each batch gives all its logits and whether each is true; the value is the area under the receiver operating
  /// characteristic.
  case areaUnderCurve
  /// Each batch gives all its predictions and targets; the value is the coefficient of determination, the mean over the numbers
  /// of an example.
  case determination

  /// How many tensors each batch gives.
  package var partCount: Int {
    switch self {
    case .mean, .share, .classification, .confusion: 1
    case .weightedMean, .ratio, .exponentialOfRatio, .areaUnderCurve, .determination: 2
    }
  }

  /// The name of a part among the outputs of a graph; that of the first is the metric's own.
  package static func partName(_ metric: String, _ part: Int) -> String { part == 0 ? metric : "\(metric)/\(part)" }
}

/// What is asked about the classes.
package enum ClassificationMeasure: String, Hashable, Sendable {
  /// The share of rightly predicted ones among those predicted; among those that are true; the harmonic mean of both.
  case precision, recall, f1
}

/// How the measures of several classes become one, as scikit-learn calls it.
package enum ClassAverage: String, Hashable, Sendable {
  /// The mean over the classes.
  case macro
  /// The measure of all classes counted together.
  case micro
  /// The mean over the classes, each as much as it has true ones.
  case weighted
}
