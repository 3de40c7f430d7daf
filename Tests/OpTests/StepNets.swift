import Graphs
import KernelContract
import Ops
import Transforms

/// A net with its loss, built of ops, whose training step the tests run.
struct StepNet: CustomStringConvertible, Sendable {
  var description: String
  var update: OptimizerUpdate
  var clipValue: Double?
  var clipNorm: Double?
  var build: @Sendable (inout NetBuilder) throws -> Value

  func graph() throws -> Graph {
    var net = NetBuilder()
    let loss = try build(&net)
    net.builder.output("loss", loss)
    return try trainingStep(
      net.builder.graph, TrainingRule(clipValue: clipValue, clipNorm: clipNorm) { _, _ in update })
  }

  static let all: [StepNet] = [
    StepNet(description: "residual images", update: .sgd(momentum: 0.9, weightDecay: 0.01)) { net in
      var x = try net.input("x", [4, 3, 9, 8])
      x = try net.convolution(x, 18, kernel: 3, Conv2D(padding: Padding2D(1)))
      x = try net.op(ReLU(), x)
      x = try net.normalised(try net.convolution(x, 16, kernel: 3, Conv2D(stride: [2, 2], padding: Padding2D(1))))
      x = try net.op(ReLU(), x)
      x = try net.op(MaxPool2D(window: Window2D(kernel: [2, 2], stride: [1, 1])), x)
      let skip = x
      x = try net.normalised(try net.convolution(x, 16, kernel: 3, Conv2D(padding: Padding2D(1))))
      x = try net.op(ReLU(), try net.op(Add(), x, skip))
      x = try net.op(Reshape(shape: [4, 16 * 4 * 3]), x)
      x = try net.dropout(try net.op(ReLU(), try net.linear(x, 33)), identifier: 1)
      return try net.classified(try net.linear(x, 10))
    },
    StepNet(description: "narrow images and shared weights", update: .adamW()) { net in
      var x = try net.input("x", [3, 1, 10, 10])
      x = try net.convolution(x, 5, kernel: 3, Conv2D())
      x = try net.op(Tanh(), x)
      x = try net.op(AveragePool2D(window: Window2D(kernel: [2, 2], stride: [2, 2]), countPadding: true), x)
      x = try net.convolution(x, 5, kernel: 3, Conv2D(padding: Padding2D(1), groups: 5))
      x = try net.op(Reshape(shape: [3, 5 * 4 * 4]), x)
      let weight = try net.parameter("shared", [80, 80])
      x = try net.op(Sigmoid(), try net.op(Linear(), x, weight))
      x = try net.op(Add(), try net.op(Linear(), x, weight), x)
      let target = try net.input("target", [3, 80])
      return try net.op(MeanAll(), try net.op(Square(), try net.op(Subtract(), x, target)))
    },
    StepNet(
      description: "limited gradients", update: .sgd(momentum: 0.5), clipValue: 0.02, clipNorm: 0.1
    ) { net in
      var x = try net.op(ReLU(), try net.convolution(try net.input("x", [3, 3, 6, 6]), 17, kernel: 3, Conv2D()))
      x = try net.op(Reshape(shape: [3, 17 * 16]), x)
      x = try net.op(GELU(isApproximate: false), try net.linear(x, 32))
      return try net.classified(try net.linear(x, 10))
    },
    StepNet(description: "two ways to one weight", update: .adam()) { net in
      let image = try net.input("x", [5, 3, 4, 4])
      var x = try net.op(Reshape(shape: [5, 48]), image)
      let weight = try net.parameter("shared", [48, 48])
      x = try net.op(LeakyReLU(slope: 0.1), try net.op(Linear(), x, weight))
      x = try net.op(Linear(), x, weight)
      x = try net.op(Softmax(axis: 1), try net.linear(x, 7))
      return try net.op(SumAll(), try net.op(Logarithm(), x))
    },
    StepNet(description: "images from a code", update: .sgd()) { net in
      var x = try net.linear(try net.input("x", [2, 6]), 32 * 3 * 3)
      x = try net.op(Reshape(shape: [2, 32, 3, 3]), x)
      x = try net.op(ReLU(), try net.convolution(x, 32, kernel: 3, Conv2D(padding: Padding2D(1, mode: .reflect))))
      let scale = try net.op(AdaptiveAveragePool2D(size: [1, 1]), x)
      x = try net.op(Multiply(), x, try net.op(BroadcastTo(shape: [2, 32, 3, 3]), try net.op(Sigmoid(), scale)))
      x = try net.op(Transpose(axes: [0, 2, 3, 1]), x)
      x = try net.linear(try net.op(Reshape(shape: [2, 9, 32]), x), 1)
      let target = try net.input("target", [2, 9, 1])
      return try net.op(MeanAll(), try net.op(BinaryCrossEntropyTerm(), x, try net.op(Sigmoid(), target)))
    },
  ]
}

/// Builds nets of layers with numbered parameters.
struct NetBuilder {
  var builder = GraphBuilder()
  private var layers = 0

  mutating func op(_ op: any Op, _ operands: Value...) throws -> Value { try builder.add(op, operands) }

  mutating func input(_ name: String, _ shape: [Int]) throws -> Value {
    try builder.feed(name, role: .input, type: TensorType(.float32, shape))
  }

  mutating func parameter(_ name: String, _ shape: [Int]) throws -> Value {
    try builder.variable(Variable(name: name, role: .parameter, initializer: .uniform(bound: 0.5)), shape: shape)
  }

  private mutating func next() -> Int {
    layers += 1
    return layers
  }

  mutating func linear(_ x: Value, _ outputs: Int) throws -> Value {
    let shape = builder.type(of: x).shape
    let layer = next()
    let y = try op(Linear(), x, try parameter("\(layer).weight", [outputs, shape[shape.count - 1]]))
    return try op(AddBias(axis: shape.count - 1), y, try parameter("\(layer).bias", [outputs]))
  }

  mutating func convolution(_ x: Value, _ outputs: Int, kernel: Int, _ convolution: Conv2D) throws -> Value {
    let inputs = builder.type(of: x).shape[1] / convolution.groups
    let layer = next()
    let y = try op(convolution, x, try parameter("\(layer).weight", [outputs, inputs, kernel, kernel]))
    return try op(AddBias(axis: 1), y, try parameter("\(layer).bias", [outputs]))
  }

  mutating func normalised(_ x: Value) throws -> Value {
    let shape = builder.type(of: x).shape
    let layer = next()
    let statistics = try op(BatchStatistics(), x)
    let mean = try op(SelectRow(row: 0), statistics)
    let variance = try op(SelectRow(row: 1), statistics)
    for (name, statistic) in [("mean", mean), ("var", variance)] {
      let buffer = try builder.variable(
        Variable(name: "\(layer).running_\(name)", role: .buffer, initializer: .constant(1)), shape: [shape[1]])
      let count = shape.reduce(1, *) / shape[1]
      _ = try op(RunningUpdate(momentum: 0.1, isVariance: name == "var", count: count), buffer, statistic)
    }
    return try op(
      BatchNormalize(epsilon: 1e-5), x, mean, variance, try parameter("\(layer).weight", [shape[1]]),
      try parameter("\(layer).bias", [shape[1]]))
  }

  mutating func dropout(_ x: Value, identifier: Int) throws -> Value {
    let step = try builder.feed("step", role: .step, type: TensorType(.int32, []))
    return try op(Dropout(probability: 0.25, seed: 5, identifier: identifier), x, step)
  }

  mutating func classified(_ logits: Value) throws -> Value {
    let rows = builder.type(of: logits).shape[0]
    let target = try builder.feed("target", role: .target, type: TensorType(.int32, [rows]))
    builder.output("correct", try op(CorrectCount(), logits, target))
    return try op(SoftmaxCrossEntropy(smoothing: 0.1), logits, target)
  }
}
