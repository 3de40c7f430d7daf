// How attributes look in dumps and plans: short, and nothing where they say nothing.

extension Epilogue: CustomStringConvertible {
  package var description: String {
    let parts = [
      bias ? "bias" : nil, residual ? "residual" : nil, activation == .none ? nil : "\(activation)",
      mask == .none ? nil : mask == .values ? "mask" : "normalized mask",
    ]
    return parts.compactMap { $0 }.joined(separator: "+")
  }
}

extension OptimizerUpdate: CustomStringConvertible {
  package var description: String {
    var settings: [String] = []
    switch kind {
    case .none: return ""
    case .sgd:
      if momentum != 0 { settings.append("momentum \(momentum)") }
      if nesterov { settings.append("nesterov") }
    case .adam, .adamW: settings += ["betas \(beta1) \(beta2)", "eps \(epsilon)"]
    case .adagrad:
      settings.append("eps \(epsilon)")
      if rateDecay != 0 { settings.append("lr_decay \(rateDecay)") }
    case .rmsProp:
      settings += ["alpha \(beta2)", "eps \(epsilon)"]
      if momentum != 0 { settings.append("momentum \(momentum)") }
    }
    if weightDecay != 0 { settings.append("weight_decay \(weightDecay)") }
    return settings.isEmpty ? "\(kind)" : "\(kind)(\(settings.joined(separator: ", ")))"
  }
}
