import Datasets
import Driver
import Graphs
import Ops
import Semantics
import Testing
import Vocabulary

/// What a `train` section evaluates to, and the graphs of the two modes.
@Suite struct TrainingTests {
  static let net = """
    net N(classes = 3) {
      input x: f32[2, 4, 4]
      output logits = x -> conv(8, 3, pad=1, bias=false) -> norm: batch_norm -> relu -> dropout(0.5)
        -> flatten -> fc: linear(classes)
    }
    """

  /// The model of the net with these settings beside the ones that must be there.
  private func model(_ settings: String = "", _ overrides: [String: String] = [:]) throws -> Model {
    let section = """

      train N {
        target label: index(3)
        data = tensors("a.safetensors")
        loss = cross_entropy(logits, label)
        metrics = [accuracy]
        \(settings.contains("optimizer") ? "" : "optimizer = sgd(lr=0.1)")
        \(settings.contains("steps =") ? "" : "epochs = 2")
        \(settings)
      }

      """
    let elaboration = checked(
      text: Self.net + section,
      overrides: overrides.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value) })
    #expect(elaboration.lines.filter { !$0.hasPrefix("N3") } == [])
    return try #require(elaboration.models.first)
  }

  private func ops(_ graph: Graph) -> [String] { graph.nodes.compactMap { $0.op?.name } }

  @Test func trainingHasBatchStatisticsAndDropout() throws {
    let graph = try model().graph(mode: .training, batch: 5)
    #expect(ops(graph).filter { $0 == "running_update" }.count == 2)
    #expect(ops(graph).contains("dropout"))
    #expect(graph.outputs.map(\.name).contains("loss"))
    #expect(!graph.outputs.map(\.name).contains("accuracy"))
    #expect(graph.verify() == [])
  }

  @Test func evaluationHasMetricsAndNoState() throws {
    let graph = try model().graph(mode: .evaluation, batch: 7)
    #expect(!ops(graph).contains("running_update"))
    #expect(!ops(graph).contains("dropout"))
    #expect(Set(graph.outputs.map(\.name)) == ["loss", "accuracy", "logits"])
    let feeds = graph.nodes.compactMap { if case .feed(let feed) = $0.kind { feed.name } else { nil } }
    #expect(feeds == ["x", "label"])
    #expect(graph.verify() == [])
  }

  @Test func preciseReachesConvolutionsAndTheirGradients() throws {
    for (settings, isPrecise) in [("", false), ("precise = false", false), ("precise = true", true)] {
      let graph = try GraphStage.graph(try model(settings), .training, batch: 4)
      let convolutions = graph.nodes.compactMap { node in
        node.op as? Conv2D ?? (node.op as? Conv2DWeightGradient)?.forward
      }
      #expect(convolutions.map(\.isPrecise) == [isPrecise, isPrecise])
    }
  }

  @Test func nodesKnowTheirPlace() throws {
    let graph = try model().graph(mode: .training, batch: 2)
    let convolution = try #require(graph.nodes.first { $0.op?.name == "conv2d" })
    #expect(convolution.origin.path == "0")
    #expect(convolution.origin.line == 3)
    #expect(convolution.origin.phase == .forward)
    let loss = try #require(graph.nodes.first { $0.op?.name == "softmax_cross_entropy" })
    #expect(loss.origin.phase == .loss)
  }

  @Test func defaults() throws {
    let training = try #require(try model().training)
    #expect(training.batch == .count(32))
    #expect(training.seed == 0)
    #expect(training.validation == nil)
    #expect(training.schedule == .constant)
    #expect(training.length == .epochs(2))
    #expect(training.accumulate == 1)
    #expect(training.data.source == .tensors(path: "a.safetensors", shuffle: true))
    #expect(training.metrics.map(\.name) == ["accuracy"])
  }

  @Test func settings() throws {
    let training = try #require(
      try model(
        """
        optimizer = adamw(lr=1e-3, betas=[0.8, 0.9], eps=1e-6, weight_decay=0.2, decay_norms=false)
        schedule = warmup(3 epochs) -> cosine(to=1e-5)
        validation = split(data, 0.25) -> scale(1 / 4) -> normalize([0.5, 0.25], 2)
        batch = all
        seed = 7
        checkpoint = every(100 steps, keep=2, best=val.accuracy)
        early_stop = patience(3 epochs, restore=true)
        """
      ).training)
    #expect(training.optimizer.update == .adamW(beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.2))
    #expect(training.optimizer.update(forRank: 1).weightDecay == 0)
    #expect(training.optimizer.update(forRank: 2).weightDecay == 0.2)
    #expect(training.schedule == .warmup(.epochs(3), then: .cosine(to: 1e-5)))
    let validation = try #require(training.validation)
    #expect(validation.source == .split(fraction: 0.25))
    #expect(validation.transforms == [.scale(factor: 0.25), .normalize(mean: [0.5, 0.25], deviation: [2, 2])])
    #expect(training.batch == .all)
    #expect(training.seed == 7)
    #expect(training.checkpoint?.every == .steps(100))
    #expect(training.checkpoint?.keep == 2)
    #expect(training.checkpoint?.best == "val.accuracy")
    #expect(training.earlyStop?.patience == .epochs(3))
    #expect(training.earlyStop?.on == "val.loss")
    #expect(training.earlyStop?.restore == true)
  }

  @Test func optionsReplaceSettings() throws {
    let overrides = [
      "batch": "64", "epochs": "1", "validation": "none", "data": "tensors(\"b.safetensors\", shuffle=false)",
      "N.classes": "3", "optimizer": "sgd(lr=0.01, momentum=0.9)",
    ]
    let training = try #require(
      try model("steps = 9\nvalidation = split(data, 0.5)\nearly_stop = patience(1 epoch)", overrides).training)
    #expect(training.batch == .count(64))
    #expect(training.length == .epochs(1))
    #expect(training.validation == nil)
    #expect(training.data.source == .tensors(path: "b.safetensors", shuffle: false))
    #expect(training.optimizer.update == .sgd(momentum: 0.9))
    #expect(training.resolved.first { $0.name == "batch" }?.value == "64")
  }

  @Test(arguments: [
    ("batchsize", "3", "did you mean `batch`?"), ("n.classes", "3", "did you mean `N.classes`?"),
    ("N.clases", "3", "did you mean `N.classes`?"), ("a.b.c", "3", "`a.b.c`"),
  ])
  func optionsThatDoNotExist(_ key: String, _ value: String, _ text: String) {
    let found = checked(text: Self.net + "\ntrain N {\n}\n", overrides: [.init(key: key, value: value)])
    #expect(found.diagnostics.contains { $0.code == "N220" && $0.message.contains(text) })
  }

  /// The formulas of `torch.nn.init`, for a convolution of 32 inputs and 64 outputs under a window of 5 x 5.
  private static let initialisations: [(text: String, expected: Initializer)] = [
    ("kaiming_uniform", Initializer.uniform(bound: 0.08660254037844387)),
    ("kaiming_normal(mode=fan_out)", Initializer.normal(standardDeviation: 0.035355339059327376)),
    ("xavier_uniform(gain=2)", Initializer.uniform(bound: 0.1)),
    ("xavier_normal", Initializer.normal(standardDeviation: 0.02886751345948129)),
    ("normal(std=1 / sqrt(fan_in))", Initializer.normal(standardDeviation: 0.035355339059327376)),
    ("uniform(fan_out / 1000)", Initializer.uniform(bound: 1.6)),
    ("zeros", Initializer.constant(0)),
    ("ones", Initializer.constant(1)),
    ("kaiming_uniform(a=sqrt(5))", Initializer.uniform(bound: 0.035355339059327376)),
    // Keras's: the deviation of a cut-off normal distribution is divided by 0.87962566103423978.
    ("glorot_uniform", Initializer.uniform(bound: 0.05)),
    ("glorot_normal", Initializer.truncatedNormal(standardDeviation: 0.0328179, bound: 0.0656359)),
    ("he_uniform", Initializer.uniform(bound: 0.08660254037844387)),
    ("he_normal", Initializer.truncatedNormal(standardDeviation: 0.0568424, bound: 0.1136847)),
    ("lecun_uniform", Initializer.uniform(bound: 0.06123724356957945)),
    ("lecun_normal", Initializer.truncatedNormal(standardDeviation: 0.0401936, bound: 0.0803872)),
    (
      "variance_scaling(scale=2, mode=fan_out, distribution=normal)",
      Initializer.normal(standardDeviation: 0.035355339059327376)
    ),
    ("truncated_normal(std=0.1)", Initializer.truncatedNormal(standardDeviation: 0.1, bound: 0.2)),
    ("trunc_normal(std=0.1, bound=0.5)", Initializer.truncatedNormal(standardDeviation: 0.1, bound: 0.5)),
    ("orthogonal(gain=2)", Initializer.orthogonal(gain: 2)), ("dirac", Initializer.identity(gain: 1)),
    ("constant(-0.5)", Initializer.constant(-0.5)),
  ]

  @Test(arguments: initialisations)
  func initialisers(_ text: String, _ expected: Initializer) throws {
    let file = "net N {\n  input x: f32[32, 9, 9]\n  output y = x -> conv(64, 5, init=\(text))\n}\n"
    let model = try #require(checked(text: file).models.first)
    let variables = try model.graph(mode: .evaluation, batch: 1).nodes.compactMap(\.variable)
    #expect(variables[1].initializer == .uniform(bound: 1 / 800.0.squareRoot()))
    switch (variables[0].initializer, expected) {
    case (.uniform(let a), .uniform(let b)), (.normal(let a), .normal(let b)), (.constant(let a), .constant(let b)):
      #expect(abs(a - b) <= 1e-12 * abs(b))
    case (.truncatedNormal(let a, let x), .truncatedNormal(let b, let y)):
      #expect(abs(a - b) <= 1e-7 && abs(x - y) <= 1e-7)
    case (.orthogonal(let a), .orthogonal(let b)), (.identity(let a), .identity(let b)): #expect(a == b)
    default: Issue.record("\(variables[0].initializer) is not \(expected)")
    }
  }
}
