/// The update rule of an optimizer, with its constants. The learning rate and the step are read at run time.
///
/// The formulas are those of `torch.optim.SGD`, `Adam`, `AdamW`, `Adagrad` and `RMSprop` (no dampening, no AMSGrad, not
/// centred). States start at zero.
/// A kernel that applies an update takes these operands, in this order:
/// `weights`, `stateCount` states laid out like the weights, `learningRate` (one `Float`), `step` (one `Int32`, counted
/// from 1 for the first update).
package struct OptimizerUpdate: Sendable, Hashable {
  package enum Kind: UInt8, Sendable, Hashable {
    /// No update: the gradient itself is stored.
    case none
    case sgd, adam, adamW, adagrad, rmsProp
  }

  package var kind: Kind
  /// SGD and RMSprop only; 0 means that there is no momentum buffer.
  package var momentum: Double
  /// SGD only.
  package var nesterov: Bool
  /// Added to the gradient as `weightDecay * w` (all others) or decoupled from it (AdamW).
  package var weightDecay: Double
  package var beta1: Double
  /// Adam's second rate; for RMSprop the rate at which the mean of squares forgets.
  package var beta2: Double
  package var epsilon: Double
  /// Adagrad only: the learning rate is divided by `1 + rateDecay * (step - 1)`.
  package var rateDecay: Double
  /// Whether weights and states stay as they are where the gradient is exactly zero.
  package var isLazy = false

  private init(
    _ kind: Kind, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0, beta1: Double = 0,
    beta2: Double = 0, epsilon: Double = 0, rateDecay: Double = 0
  ) {
    self.kind = kind
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.rateDecay = rateDecay
  }

  package static let none = OptimizerUpdate(.none)

  package static func sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0) -> Self {
    Self(.sgd, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
  }

  package static func adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) -> Self {
    Self(.adam, weightDecay: weightDecay, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  package static func adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
  ) -> Self {
    Self(.adamW, weightDecay: weightDecay, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  package static func adagrad(
    epsilon: Double = 1e-10, rateDecay: Double = 0, weightDecay: Double = 0
  ) -> Self {
    Self(.adagrad, weightDecay: weightDecay, epsilon: epsilon, rateDecay: rateDecay)
  }

  package static func rmsProp(
    forgetting: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, weightDecay: Double = 0
  ) -> Self {
    Self(.rmsProp, momentum: momentum, weightDecay: weightDecay, beta2: forgetting, epsilon: epsilon)
  }

  /// The tensors that the rule keeps from step to step: momentum, the two moments of Adam, sums or means of squares.
  package var stateCount: Int {
    switch kind {
    case .none: 0
    case .sgd: momentum == 0 ? 0 : 1
    case .adam, .adamW: 2
    case .adagrad: 1
    case .rmsProp: momentum == 0 ? 1 : 2
    }
  }

  /// How many operands a kernel takes for the destination: the gradient alone, or those listed above.
  package var operandCount: Int { kind == .none ? 1 : 3 + stateCount }
}
