import Graphs
import KernelContract
import Ops
import Testing

/// Gradient rules against central differences, both through the float64 references.
@Suite struct GradientTests {
  @Test(arguments: SampleCase.all.filter { $0.sample.checksGradient && !($0.sample.op is any NotDifferentiable) })
  func matchesDifferences(_ sampleCase: SampleCase) throws {
    let sample = sampleCase.sample
    var builder = GraphBuilder()
    var operands: [Value] = []
    for (index, type) in sample.types.enumerated() {
      operands.append(try builder.feed("\(index)", role: .input, type: type))
    }
    let result = try builder.add(sample.op, operands)
    try check(builder, operands: operands, result: result, tensors: sample.makeOperands())
  }

  /// Training's batch normalisation is differentiated as one function of x, gamma and beta.
  @Test(arguments: [[6, 5], [2, 3, 2, 3]])
  func matchesDifferencesThroughBatchStatistics(shape: [Int]) throws {
    var builder = GraphBuilder()
    let x = try builder.feed("0", role: .input, type: TensorType(.float32, shape))
    let gamma = try builder.feed("1", role: .input, type: TensorType(.float32, [shape[1]]))
    let beta = try builder.feed("2", role: .input, type: TensorType(.float32, [shape[1]]))
    let statistics = try builder.add(BatchStatistics(), [x])
    let mean = try builder.add(SelectRow(row: 0), [statistics])
    let variance = try builder.add(SelectRow(row: 1), [statistics])
    let result = try builder.add(BatchNormalize(epsilon: 1e-5), [x, mean, variance, gamma, beta])
    let sample = Sample(BatchNormalize(epsilon: 1e-5), shapes: [shape, [shape[1]], [shape[1]]])
    try check(
      builder, operands: [x, mean, variance, gamma, beta], result: result, tensors: sample.makeOperands(),
      inputs: [x, gamma, beta])
  }

  /// Compares the gradient of `Σ weight * result` for the inputs: all float operands, unless they are given.
  func check(
    _ forward: GraphBuilder, operands: [Value], result: Value, tensors: [HostTensor], inputs: [Value]? = nil
  ) throws {
    var builder = forward
    guard let op = builder.graph[result].op else { return }
    let type = builder.type(of: result)
    let upstream = try builder.feed("gradient", role: .input, type: type)
    let types = operands.map { builder.type(of: $0) }
    let adjoint = Adjoint(
      operands: operands, operandTypes: types, result: result, resultType: type, gradient: upstream,
      needed: types.map { $0.element == .float32 })
    let gradients = try op.gradient(adjoint, in: &builder)
    #expect(gradients.count == operands.count)
    #expect(builder.graph.verify() == [])

    var numbers = Numbers(seed: 3)
    var weight = HostTensor(shape: type.shape)
    for index in weight.values.indices { weight.values[index] = numbers.uniform(-1, 1) }
    var feeds = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ("\($0)", $1) })
    let loss = { (feeds: [String: HostTensor]) throws -> Double in
      try forward.graph.evaluate(feeds: feeds)[result].zip(weight, *).values.reduce(0, +)
    }
    feeds["gradient"] = weight
    let evaluation = try builder.graph.evaluate(feeds: feeds)
    for (number, input) in (inputs ?? operands).enumerated() {
      guard let position = operands.firstIndex(of: input), let gradient = gradients[position] else { continue }
      let analytic = evaluation[gradient]
      #expect(analytic.shape == builder.type(of: input).shape)
      // A spread of elements is enough where there are many: each costs two evaluations.
      let step = max(1, analytic.count / 24)
      for index in stride(from: 0, to: analytic.count, by: step) {
        let epsilon = 1e-6
        var moved = feeds
        moved["\(number)"]?.values[index] += epsilon
        let above = try loss(moved)
        moved["\(number)"]?.values[index] -= 2 * epsilon
        let difference = (above - (try loss(moved))) / (2 * epsilon)
        let tolerance = 1e-5 + 1e-3 * abs(difference)
        #expect(
          abs(analytic.values[index] - difference) <= tolerance,
          "operand \(number), element \(index): rule \(analytic.values[index]), difference \(difference)")
      }
    }
  }
}
