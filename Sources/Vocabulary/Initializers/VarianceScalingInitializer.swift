import Graphs

/// `variance_scaling(scale=1, mode=fan_in, distribution=truncated_normal)`: Keras's `VarianceScaling`.
package enum VarianceScalingInitializer: InitializerWord {
  package static let name = "variance_scaling"
  package static let documentation =
    "With the variance scale / fan, where the fan is that of the inputs, of the outputs, or the mean of both."
  package static let schema: [ArgumentSchema] = [
    .optional("scale", .number(.positive), "1"),
    .optional("mode", .choice(["fan_in", "fan_out", "fan_avg"]), "fan_in", namedOnly: true),
    .optional(
      "distribution", .choice(["truncated_normal", "normal", "uniform"]), "truncated_normal", namedOnly: true),
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(
      scale: arguments.number("scale", else: 1), mode: arguments.text("mode") ?? "fan_in",
      distribution: arguments.text("distribution") ?? "truncated_normal", fans)
  }
}
