import KernelContract

/// An optimizer's update with the constants of one step, ready to be applied to runs of weights.
struct OptimizerStep {
  private let update: OptimizerUpdate
  /// The weights, or for `none` the buffer that receives the gradient.
  private let weights: UnsafeMutablePointer<Float>
  private let state0: UnsafeMutablePointer<Float>
  private let state1: UnsafeMutablePointer<Float>
  private let rate: Float
  /// AdamW's factor of the weights; 1 elsewhere.
  private let decay: Float
  /// What the square root of the second moment is multiplied by.
  private let secondScale: Float

  /// Takes its operands from a call's, starting with number `first`; see `OptimizerUpdate` for their order.
  init(_ update: OptimizerUpdate, _ context: borrowing KernelContext, first: Int) {
    self.update = update
    weights = context.floats(first)
    guard update.kind != .none else {
      state0 = weights
      state1 = weights
      rate = 0
      decay = 1
      secondScale = 1
      return
    }
    let states = update.stateCount
    state0 = states > 0 ? context.floats(first + 1) : weights
    state1 = states > 1 ? context.floats(first + 2) : weights
    let learningRate = Double(context.floats(first + 1 + states).pointee)
    let step = context.operands[first + 2 + states].load(as: Int32.self)
    // In double precision, because 1 - beta2 loses three digits in single precision.
    switch update.kind {
    case .none, .sgd, .rmsProp:
      rate = Float(learningRate)
      decay = 1
      secondScale = 1
    case .adagrad:
      rate = Float(learningRate / (1 + update.rateDecay * Double(step - 1)))
      decay = 1
      secondScale = 1
    case .adam, .adamW:
      rate = Float(learningRate / (1 - power(update.beta1, step)))
      decay = update.kind == .adamW ? Float(1 - learningRate * update.weightDecay) : 1
      secondScale = Float(1 / (1 - power(update.beta2, step)).squareRoot())
    }
  }

  /// Updates `count` weights from number `start` on, both multiples of 16, with their gradient.
  func apply(_ gradient: UnsafePointer<Float>, start: Int, count: Int) {
    guard update.isLazy && update.kind != .none else { return applyToAll(gradient, start: start, count: count) }
    for i in stride(from: 0, to: count, by: lanes) {
      let slopes = gradient.vector(at: i)
      // What is not a number counts as a gradient.
      if magnitude(slopes).laneSum == 0 { continue }
      let isStill = slopes .== .zero
      let weight = weights.vector(at: start + i)
      let (first, second) = (state0.vector(at: start + i), state1.vector(at: start + i))
      applyToAll(gradient + i, start: start + i, count: lanes)
      weights.store(select(isStill, weight, weights.vector(at: start + i)), at: start + i)
      if update.stateCount > 0 { state0.store(select(isStill, first, state0.vector(at: start + i)), at: start + i) }
      if update.stateCount > 1 { state1.store(select(isStill, second, state1.vector(at: start + i)), at: start + i) }
    }
  }

  @inline(never)
  private func applyToAll(_ gradient: UnsafePointer<Float>, start: Int, count: Int) {
    let w = weights + start
    let s0 = state0 + start
    let s1 = state1 + start
    var i = 0
    switch update.kind {
    case .none:
      while i < count {
        w.store(gradient.vector(at: i), at: i)
        i += lanes
      }
    case .sgd:
      let weightDecay = Vector(repeating: Float(update.weightDecay))
      let momentum = Vector(repeating: Float(update.momentum))
      let minusRate = Vector(repeating: -rate)
      let hasMomentum = update.momentum != 0
      let nesterov = update.nesterov
      while i < count {
        let weight = w.vector(at: i)
        var g = fma(weightDecay, weight, gradient.vector(at: i))
        if hasMomentum {
          let buffer = fma(momentum, s0.vector(at: i), g)
          s0.store(buffer, at: i)
          g = nesterov ? fma(momentum, buffer, g) : buffer
        }
        w.store(fma(minusRate, g, weight), at: i)
        i += lanes
      }
    case .adagrad, .rmsProp: applyScaled(gradient, w, s0, s1, count)
    case .adam, .adamW:
      let weightDecay = Vector(repeating: update.kind == .adam ? Float(update.weightDecay) : 0)
      let decay = Vector(repeating: decay)
      let oneMinusBeta1 = Vector(repeating: Float(1 - update.beta1))
      let beta2 = Vector(repeating: Float(update.beta2))
      let oneMinusBeta2 = Vector(repeating: Float(1 - update.beta2))
      let epsilon = Vector(repeating: Float(update.epsilon))
      let secondScale = Vector(repeating: secondScale)
      let minusRate = Vector(repeating: -rate)
      while i < count {
        let weight = w.vector(at: i)
        let g = fma(weightDecay, weight, gradient.vector(at: i))
        let m0 = s0.vector(at: i)
        let m = fma(oneMinusBeta1, g - m0, m0)
        let v = fma(oneMinusBeta2 * g, g, beta2 * s1.vector(at: i))
        s0.store(m, at: i)
        s1.store(v, at: i)
        let denominator = fma(v.squareRoot(), secondScale, epsilon)
        w.store(fma(minusRate, m / denominator, weight * decay), at: i)
        i += lanes
      }
    }
  }
}

extension OptimizerStep {
  /// Steps divided by the root of a sum (Adagrad) or a mean (RMSprop) of squares.
  @inline(never)
  private func applyScaled(
    _ gradient: UnsafePointer<Float>, _ w: UnsafeMutablePointer<Float>, _ s0: UnsafeMutablePointer<Float>,
    _ s1: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let isSum =
      switch update.kind {
      case .adagrad: true
      case .none, .sgd, .adam, .adamW, .rmsProp: false
      }
    let weightDecay = Vector(repeating: Float(update.weightDecay))
    let old = Vector(repeating: isSum ? 1 : Float(update.beta2))
    let new = Vector(repeating: isSum ? 1 : Float(1 - update.beta2))
    let momentum = Vector(repeating: Float(update.momentum))
    let epsilon = Vector(repeating: Float(update.epsilon))
    let minusRate = Vector(repeating: -rate)
    let hasMomentum = update.momentum != 0
    var i = 0
    while i < count {
      let weight = w.vector(at: i)
      let g = fma(weightDecay, weight, gradient.vector(at: i))
      let squares = fma(new * g, g, old * s0.vector(at: i))
      s0.store(squares, at: i)
      var step = g / (squares.squareRoot() + epsilon)
      if hasMomentum {
        step = fma(momentum, s1.vector(at: i), step)
        s1.store(step, at: i)
      }
      w.store(fma(minusRate, step, weight), at: i)
      i += lanes
    }
  }
}

/// `base` to the power of a count, by repeated squaring.
private func power(_ base: Double, _ exponent: Int32) -> Double {
  var result = 1.0
  var square = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
