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
    StepNet(description: "recurrent text", update: .adam()) { net in
      let ids = try net.tokens("x", [9, 6])
      let mask = try net.op(Compare(.notEqual, number: 0), ids)
      var x = try net.op(Embedding(), try net.parameter("table", [12, 7]), ids)
      let dropout = RecurrentDropout(probability: 0.25, seed: 5, identifier: 7)
      let form = RecurrenceForm(.lstm, hasMask: true, dropout: dropout)
      x = try net.recurrent(x, 9, form, takesLast: false, mask: mask)
      x = try net.recurrent(x, 16, RecurrenceForm(.gru, isReversed: true), takesLast: true)
      return try net.classified(try net.linear(x, 10))
    },
    StepNet(description: "translated text", update: .sgd(momentum: 0.9)) { net in
      let source = try net.tokens("x", [3, 7])
      let target = try net.tokens("y", [3, 5])
      let mask = try net.op(Compare(.notEqual, number: 0), source)
      let table = try net.parameter("table", [12, 16])
      let places = try net.parameter("places", [8, 2])
      let bias = try net.op(
        RelativeBias(RelativeBuckets(count: 8, maximum: 20, isCausal: false), queries: 7, keys: 7), places)
      let embedded = try net.op(Embedding(), table, source)
      var form = AttentionForm(heads: 2, scale: 0.5, hasBias: true, mask: .keys)
      let memory = try net.op(Add(), embedded, try net.attention(embedded, embedded, form, bias, mask))
      var x = try net.op(Embedding(), table, try net.op(ShiftRight(start: 0), target))
      x = try net.op(
        RowNormalize(isCentered: true, epsilon: 1e-5), x, try net.parameter("w", [16]), try net.parameter("b", [16]))
      x = try net.op(Add(), x, try net.attention(x, x, AttentionForm(heads: 2, scale: 0.3, isCausal: true)))
      form.hasBias = false
      x = try net.op(Add(), x, try net.attention(x, memory, form, mask))
      x = try net.op(RowNormalize(isCentered: false, epsilon: 1e-6), x, try net.parameter("v", [16]))
      let logits = try net.op(Linear(), x, table)
      return try net.op(SoftmaxCrossEntropy(smoothing: 0.1, ignore: 0), logits, target)
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

  mutating func tokens(_ name: String, _ shape: [Int]) throws -> Value {
    try builder.feed(name, role: .input, type: TensorType(.int32, shape))
  }

  mutating func recurrent(
    _ x: Value, _ width: Int, _ form: RecurrenceForm, takesLast: Bool, mask: Value? = nil
  ) throws -> Value {
    let gates = try linear(x, form.cell.gates * width)
    let layer = next()
    var operands = [
      gates, try parameter("\(layer).weight_hh", [form.cell.gates * width, width]),
      try parameter("\(layer).bias_hh", [form.cell.gates * width]),
    ]
    if let mask { operands.append(mask) }
    if form.dropout != nil { operands.append(try builder.feed("step", role: .step, type: TensorType(.int32, []))) }
    let record = try builder.add(Recurrence(form), operands)
    return try builder.add(RecurrenceOutput(form, takesLast: takesLast), operands + [record])
  }

  mutating func attention(_ x: Value, _ memory: Value, _ form: AttentionForm, _ further: Value...) throws -> Value {
    let (query, key, value) = (try linear(x, 16), try linear(memory, 16), try linear(memory, 16))
    return try linear(try builder.add(Attention(form), [query, key, value] + further), 16)
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
