import KernelContract
import Kernels
import Testing

@Suite struct OptimizerUpdateTests {
  static let updates: [OptimizerUpdate] = [
    .sgd(), .sgd(weightDecay: 0.1), .sgd(momentum: 0.9), .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.01),
    .adam(), .adam(weightDecay: 0.1), .adamW(weightDecay: 0.1),
    .adagrad(rateDecay: 0.2, weightDecay: 0.1), .rmsProp(weightDecay: 0.1), .rmsProp(forgetting: 0.9, momentum: 0.5),
  ]

  @Test("three steps follow PyTorch's formulas", arguments: updates, instructionSets)
  func threeSteps(_ update: OptimizerUpdate, _ set: InstructionSet) {
    let count = 4096 + 64
    let splits = 2
    let weights = Buffer.random(count, seed: 1)
    var expected = weights.values.map(Double.init)
    var m = [Double](repeating: 0, count: count)
    var v = m
    let states = (0..<update.stateCount).map { _ in Buffer(count, filledWith: 0) }
    let rate = 0.01
    for step in 1...3 {
      let gradient = Buffer.random(splits * count, seed: UInt64(step + 10))
      let stepNumber = Buffer(1)
      stepNumber.address.storeBytes(of: Int32(step), as: Int32.self)
      run(
        OptimizerUpdateParameters(count: count, splits: splits, update: update), set,
        [gradient, weights] + states + [Buffer([Float(rate)]), stepNumber], parts: 2)
      for i in 0..<count {
        var g = Double(gradient[i]) + Double(gradient[count + i])
        let w = expected[i]
        switch update.kind {
        case .none: break
        case .sgd:
          g += update.weightDecay * w
          if update.momentum != 0 {
            m[i] = step == 1 ? g : update.momentum * m[i] + g
            g = update.nesterov ? g + update.momentum * m[i] : m[i]
          }
          expected[i] = w - rate * g
        case .adagrad:
          g += update.weightDecay * w
          v[i] += g * g
          expected[i] = w - rate / (1 + Double(step - 1) * update.rateDecay) * g / (v[i].squareRoot() + update.epsilon)
        case .rmsProp:
          g += update.weightDecay * w
          v[i] = update.beta2 * v[i] + (1 - update.beta2) * g * g
          m[i] = update.momentum * m[i] + g / (v[i].squareRoot() + update.epsilon)
          expected[i] = w - rate * m[i]
        case .adam, .adamW:
          if update.kind == .adam { g += update.weightDecay * w }
          let decayed = update.kind == .adamW ? w * (1 - rate * update.weightDecay) : w
          m[i] = update.beta1 * m[i] + (1 - update.beta1) * g
          v[i] = update.beta2 * v[i] + (1 - update.beta2) * g * g
          var power1 = 1.0
          var power2 = 1.0
          for _ in 0..<step {
            power1 *= update.beta1
            power2 *= update.beta2
          }
          let denominator = v[i].squareRoot() / (1 - power2).squareRoot() + update.epsilon
          expected[i] = decayed - rate / (1 - power1) * m[i] / denominator
        }
      }
    }
    for i in 0..<count { #expect(abs(expected[i] - Double(weights[i])) < 1e-6) }
  }

  @Test("column sums, split and whole", arguments: [1, 5, 700, 3000], instructionSets)
  func columnSums(_ rows: Int, _ set: InstructionSet) {
    for columns in [1, 20, 64, 130] {
      let stride = ceilingQuotient(columns, 16) * 16 + 16
      let matrix = Buffer.random(rows * columns, seed: 3)
      let sequence = ColumnSumsParameters.calls(
        rows: rows, columns: columns, rowStride: stride, update: .none, matrix: .operand(0), destination: [.result])
      var first: [Float] = []
      for parts in 1...3 {
        let result = Buffer(ceilingQuotient(columns, 16) * 16)
        run(
          sequence, set, operands: [matrix.spread(rows: rows, columns: columns, stride: stride)], result: result,
          parts: parts)
        if parts == 1 { first = result.values } else { #expect(result.values == first) }
      }
      for c in 0..<columns {
        var sum = Sum()
        for r in 0..<rows { sum.add(matrix[r * columns + c]) }
        #expect(sum.isNear(first[c]))
      }
      for c in columns..<first.count { #expect(first[c] == 0) }
    }
  }
}
