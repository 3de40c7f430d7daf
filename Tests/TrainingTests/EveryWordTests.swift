import Driver
import Execution
import Graphs
import Kernels
import Semantics
import Source
import Testing
import Training
import Vocabulary

/// Whatever the checker accepts can be run: each word of the language in a net of its own, trained for a step and evaluated.
@Suite struct EveryWordTests {
  /// Flows from `x: f32[6, 8]`, `i: f32[4, 5, 6]` or `k: index(7)[6]`.
  static let layers: [String: String] = [
    "abs": "x -> abs",
    "adaptive_avg_pool": "(i -> adaptive_avg_pool(2) -> sum(0) -> sum(0)) + (x -> adaptive_avg_pool(2) -> sum(0))",
    "adaptive_max_pool": "i -> adaptive_max_pool([2, 3])", "attention": "x -> attention(2, causal=true)",
    "avg_pool": "(i -> avg_pool(2, pad=1) -> sum(0) -> sum(0)) + (x -> avg_pool(3) -> sum(1) -> slice(0, 4))",
    "batch_norm": "x -> batch_norm", "clip": "x -> clip(-1, 1)", "conv": "x -> conv(3, 3, groups=3, dilation=2)",
    "conv_transpose": "i -> conv_transpose(6, 3, stride=2, groups=2)", "dropout": "x -> dropout(0.5)",
    "elu": "x -> elu",
    "embedding": "k -> embedding(7, 3)", "flatten": "i -> flatten(from=1)", "gelu": "x -> gelu(tanh=true)",
    "gru": "x -> gru(5)", "group_norm": "x -> group_norm(3)", "lstm": "x -> lstm(5, take=all)",
    "layer_norm": "x -> layer_norm", "leaky_relu": "x -> leaky_relu", "linear": "x -> linear(3)", "max": "i -> max(1)",
    "max_pool": "(i -> max_pool(2) -> sum(0) -> sum(0)) + (x -> max_pool(3, stride=2) -> sum(0))",
    "mean": "x -> mean(axis=0)",
    "pad": "x -> pad(1, 2, axis=1, mode=reflect)", "rms_norm": "x -> rms_norm", "rnn": "x -> rnn(5)",
    "relu6": "x -> relu6", "relu": "x -> relu",
    "relative_bias": "x -> attention(2, position=bias)", "reshape": "i -> reshape([2, -1])", "scale": "x -> scale(2)",
    "shift_right": "k -> shift_right(start=0) -> embedding(7, 3)", "silu": "x -> silu", "sigmoid": "x -> sigmoid",
    "sinusoid": "x -> sinusoid", "slice": "i -> slice(1, -1, axis=1)", "softmax": "i -> softmax(axis=0)",
    "sum": "i -> sum(axis=1)", "take": "i -> take(-1, axis=2)", "tanh": "x -> tanh", "transpose": "i -> transpose",
    "upsample": "i -> upsample(2, mode=bilinear)", "concat": "concat(x, 2 * x, x -> relu)",
    "matmul": "matmul(x, x -> transpose)", "parameter": "x * p + p - x / (1 + p * p)",
  ]

  @Test func everyLayerIsTried() {
    let words = layerCatalogue.map { $0.name } + valueCatalogue.map { $0.name } + functionCatalogue.map { $0.name }
    #expect(Set(words) == Set(Self.layers.keys))
  }

  @Test(arguments: layers.keys.sorted())
  func layersRun(name: String) throws {
    let text = """
      net N {
        input x: f32[6, 8]
        input i: f32[4, 5, 6]
        input k: index(7)[6]
        layer p: parameter([6, 8], init=normal(1))
        layer bias: relative_bias(2, buckets=4, max_distance=8)
        y = \(Self.layers[name] ?? "")
        output loss_of_all: f32 = (x -> a: linear(1) -> flatten -> sum(0)) + (y -> flatten -> b: linear(1) -> reshape([]))
      }
      train N {
        target t: f32
        data = tensors("none.safetensors")
        loss = mse(loss_of_all, t)
        optimizer = sgd(lr=0.01)
        epochs = 1
      }
      """
    try run(text)
  }

  static let settings: [(kind: String, name: String, lines: String)] =
    [
      "adagrad(lr=0.01)", "adam(lr=0.01, clip_value=1)", "adamw(lr=0.01, decay_norms=false)",
      "rmsprop(lr=0.01, momentum=0.1, clip_norm=1)", "sgd(lr=0.01, momentum=0.9, nesterov=true, weight_decay=0.1)",
    ].map { ("optimizer", word($0), "loss = mse(y, t)\noptimizer = \($0)") }
    + [
      "binary_cross_entropy(z, b)", "cross_entropy(y, c, weight=[1, 2, 3], smoothing=0.1, ignore=1)", "huber(y, t)",
      "mae(y, t)", "mse(y, t)",
    ].map { ("loss", word($0), "loss = \($0)\noptimizer = sgd(lr=0.01)") }
    + [
      "auc(z, b)", "accuracy(z, b)", "confusion(y, c)", "exact_match(y, c)", "f1(z, b)", "mae(y, t)", "mse(y, t)",
      "perplexity(y, c)",
      "precision(y, c)", "r2(y, t)", "recall(y, c)", "token_accuracy(y, c)", "top_k(2, y, c)",
    ].map { ("metric", word($0), "loss = mse(y, t)\nmetrics = [\($0)]\noptimizer = sgd(lr=0.01)") }
    + [
      "constant(1)", "dirac", "eye", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "identity",
      "kaiming_normal", "kaiming_uniform", "lecun_normal", "lecun_uniform", "normal(0.1)", "ones", "orthogonal",
      "random_normal", "random_uniform", "trunc_normal", "truncated_normal", "uniform(0.1)", "variance_scaling",
      "xavier_normal", "xavier_uniform", "zeros",
    ].map { ("initialiser", word($0), "loss = mse(y, t)\ninit = \($0)\noptimizer = sgd(lr=0.01)") }
    + [
      (
        "setting", "axis",
        "loss = cross_entropy(x -> li: linear(12) -> reshape([3, 4]), d, axis=0)\nmetrics = [accuracy, f1]\n"
          + "optimizer = sgd(lr=0.01)"
      )
    ]
    + [("setting", "accumulate", "loss = mse(y, t)\naccumulate = 3\nfreeze = fc.bias\noptimizer = sgd(lr=0.01)")]

  private static func word(_ call: String) -> String { String(call.prefix { $0 != "(" }) }

  @Test func everyWordOfTrainingIsTried() {
    func tried(_ kind: String) -> Set<String> { Set(Self.settings.filter { $0.kind == kind }.map(\.name)) }
    #expect(tried("optimizer") == Set(optimizerCatalogue.map { $0.name }))
    #expect(tried("loss") == Set(lossCatalogue.map { $0.name }))
    #expect(tried("metric") == Set(metricCatalogue.map { $0.name }))
    #expect(tried("initialiser") == Set(initializerCatalogue.map { $0.name }))
  }

  @Test(arguments: settings)
  func settingsRun(kind: String, name: String, lines: String) throws {
    try run(
      """
      net N {
        input x: f32[5]
        output y = x -> fc: linear(3)
        output z: f32 = x -> linear(1) -> reshape([])
      }
      train N {
        target c: index(3)
        target b: bool
        target d: index(3)[4]
        target t: f32[3]
        data = tensors("none.safetensors")
        \(lines.replacing("\n", with: "\n  "))
        epochs = 1
      }
      """)
  }

  /// Checks the text, plans it for all purposes and runs each once on numbers of no meaning.
  private func run(_ text: String) throws {
    let compilation = Compilation(SourceFile(path: "word.net", text: text))
    let errors = compilation.diagnostics.filter { $0.severity == .error }.map(\.message)
    try #require(errors.isEmpty, "\(errors)")
    let model = try #require(compilation.models.first)
    var set = PlanSet(model)
    _ = try set.add(.training, batch: 4)
    if (model.training?.accumulate ?? 1) > 1 { _ = try set.add(.accumulation, batch: 4) }
    _ = try set.add(.evaluation, batch: 3)
    _ = try set.add(.inference, batch: 1)
    let machine = try Machine(plans: set.plans, threads: 2, table: try InstructionSet.selected().kernelTable)
    let values = InitialValues(seed: 1)
    for tensor in machine.plans[0].variables {
      if let variable = set.variables[tensor.name] {
        machine.write(values.draw(variable, shape: tensor.shape), to: tensor)
      }
    }
    for (index, plan) in machine.plans.enumerated() {
      for feed in plan.feeds {
        let numbers = CounterGenerator(seed: 2, name: feed.name)
        let isBool = model.targets.contains { $0.name == feed.name && $0.element == .bool }
        if feed.storage == .int32 {
          machine.write((0..<feed.count).map { Int32(numbers.bits(UInt64($0)) % 3) }, to: feed)
        } else {
          machine.write(
            (0..<feed.count).map { isBool ? Float($0 % 2) : Float(numbers.unit(UInt64($0)) - 0.5) }, to: feed)
        }
      }
      machine.run(index)
      for output in plan.outputs where output.storage == .float32 {
        let values = machine.read(output)
        #expect(values.allSatisfy { $0.isFinite }, "\(output.name) of plan \(index)")
      }
    }
  }
}
