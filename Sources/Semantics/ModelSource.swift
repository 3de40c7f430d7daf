import Datasets
import Graphs
import Source
import Syntax
import Vocabulary

/// What a model is elaborated from: a net, perhaps with the `train` section that trains it.
struct ModelSource: Sendable {
  var program: Program
  var net: NetSyntax
  var train: TrainSyntax?
  var overrides: OverrideTable

  /// The model and its graph; nil after an error. Without `mode` and `batch` those of training are taken if there is a `train`
  /// section: the checker then sees what a run would see. Takes from `budget` what it expands, and adds to `observations` unless they
  /// are nil.
  func elaborate(
    mode: GraphMode? = nil, batch: Int? = nil, _ reporter: inout Reporter, _ budget: inout ExpansionBudget,
    used: inout Set<SourceSpan>, observations: inout Observations?
  ) -> (model: Model, graph: Graph)? {
    let before = Reporter.Mark(reporter)
    let elaborator = Elaborator(program, reporter, budget)
    elaborator.observations = observations
    elaborator.net = net
    defer {
      observations = elaborator.observations
      reporter = elaborator.reporter
      budget = elaborator.budget
      budget.spend(nodes: elaborator.site.builder.graph.nodes.count)
      used.formUnion(elaborator.used)
    }
    let frame = Frame(net)
    elaborator.rootFrame = frame
    let outer = Frame(nil)
    if !bindParameters(elaborator, frame, outer) {
      // The rest of the net and of its section is looked at all the same.
      for parameter in net.parameters where frame.names[parameter.name.text] == nil {
        elaborator.declare(parameter.name, .unknown, .parameter, frame)
      }
    }
    let given = givenValues
    let parameters = net.parameters.map { text(of: $0, frame.names[$0.name.text]?.meaning ?? .unknown, given) }
    var training: TrainSettings?
    var targets: [TensorDeclaration] = []
    if let train {
      elaborator.train = train
      let settings = Frame(nil, outer: frame)
      let table = SettingTable(train, overrides, elaborator, settings)
      let size = elaborator.batch(table, settings)
      let counted: Int? = if case .count(let count)? = size { count } else { nil }
      elaborator.begin(
        mode: mode ?? .training, batch: batch ?? counted ?? 2, seed: elaborator.seed(table, settings), table, settings)
      elaborator.elaborateBody(net, frame, inputs: nil)
      targets = elaborator.targets(train, settings)
      let missing = elaborator.missingTargets(table, train, settings)
      training = elaborator.settings(table, train, settings, targets.map(\.name) + missing, size)
    } else {
      elaborator.begin(mode: mode ?? .evaluation, batch: batch ?? 1, seed: 0, nil, frame)
      elaborator.elaborateBody(net, frame, inputs: nil)
    }
    elaborator.warnOfLayouts(frame)
    if elaborator.site.isFull { elaborator.tooManyNodes(at: net.name.span, frame) }
    var outputs: [(name: String, type: ExampleType)] = []
    for output in frame.outputs {
      guard case .tensor(let meaning) = output.meaning, let tensor = meaning.tensor else { continue }
      elaborator.site.builder.output(output.name, tensor.value)
      outputs.append((output.name, tensor.type))
    }
    guard !before.hasErrors(elaborator.reporter), train == nil || training != nil else { return nil }
    let graph = elaborator.site.builder.graph
    let model = Model(
      name: net.name.text, parameters: parameters,
      inputs: graph.markingIgnored(graph.markingMasks(elaborator.inputTypes.map(declaration))),
      targets: graph.markingIgnored(targets),
      outputs: outputs, layers: elaborator.layers, variables: elaborator.site.variables.map(summary),
      training: training, checkedGraph: graph
    ) { [self] mode, batch in
      var reporter = Reporter()
      var budget = ExpansionBudget()
      var used: Set<SourceSpan> = []
      var observations: Observations?
      let result = elaborate(
        mode: mode, batch: batch, &reporter, &budget, used: &used, observations: &observations)
      return (result?.graph, reporter.diagnostics)
    }
    return (model, graph)
  }

  /// How many bytes of a value are worth keeping where it can be told by what was written.
  private static let textLimit = 1000

  /// A parameter with its value: as text, or by the expression that gave it where that text is too long.
  private func text(
    of parameter: ParameterSyntax, _ meaning: Meaning, _ given: [String: FlowSyntax]
  ) -> (name: String, value: String, isCut: Bool) {
    let name = parameter.name.text
    let value = meaning.text(upTo: ModelSource.textLimit)
    if value.utf8.count <= ModelSource.textLimit { return (name, value, false) }
    return given[name].map { (name, $0.span.text, false) } ?? (name, value, true)
  }

  /// The expressions that options and the section give for parameters.
  private var givenValues: [String: FlowSyntax] {
    var values: [String: FlowSyntax] = [:]
    var positional = net.parameters[...]
    for argument in train?.arguments?.arguments ?? [] {
      guard let name = argument.name?.text ?? positional.first?.name.text else { continue }
      positional.removeAll { $0.name.text == name }
      values[name] = argument.value
    }
    return values.merging(overrides.parameters[net.name.text] ?? [:]) { $1 }
  }

  /// The parameters from `--set`, the arguments of `train`, and the defaults.
  private func bindParameters(_ elaborator: Elaborator, _ frame: Frame, _ outer: Frame) -> Bool {
    let set = overrides.parameters[net.name.text] ?? [:]
    var arguments: [(ArgumentSyntax, Frame)] = []
    var positional = net.parameters[...]
    for argument in train?.arguments?.arguments ?? [] {
      let name = argument.name?.text ?? positional.first?.name.text
      positional.removeAll { $0.name.text == name }
      if name.flatMap({ set[$0] }) == nil { arguments.append((argument, outer)) }
    }
    for parameter in net.parameters {
      guard let flow = set[parameter.name.text] else { continue }
      let meaning = elaborator.evaluate(flow, outer)
      elaborator.optionOf[parameter.name.span] = "\(net.name.text).\(parameter.name.text)=\(shortened(flow.span))"
      elaborator.declare(parameter.name, meaning, .parameter, frame)
    }
    var inputs: [String: TensorMeaning] = Dictionary(
      net.inputNames.map { ($0, .unknown) }, uniquingKeysWith: { first, _ in first })
    let place = train?.net.span ?? net.name.span
    return elaborator.bind(net, arguments, at: place, into: frame, &inputs, outer)
  }

  private func declaration(_ input: (name: String, type: ExampleType)) -> TensorDeclaration {
    TensorDeclaration(input.name, input.type.element, shape: input.type.shape, role: .input)
  }

  private func summary(_ variable: (variable: Variable, shape: [Int], value: Value)) -> VariableSummary {
    VariableSummary(name: variable.variable.name, role: variable.variable.role, shape: variable.shape)
  }
}
