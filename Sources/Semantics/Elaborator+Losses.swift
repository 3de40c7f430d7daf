import Graphs
import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// A loss in the `loss` setting.
  func expand(_ word: any LossWord.Type, _ call: CallSyntax, _ frame: Frame) -> Meaning {
    let name = call.path[0]
    guard let bound = bind(word, call.arguments, at: name.span, frame) else { return .unknown }
    let (prediction, target) = (bound.tensors[word.compared.prediction], bound.tensors[word.compared.target])
    if lossOperands == nil, let prediction, let target {
      lossOperands = (prediction, target)
      lossIgnores = bound.arguments.values["ignore"]
      lossAxis = bound.arguments.whole("axis")
    }
    if let prediction, let probability = prediction.probability,
      ![MSELoss.name, MAELoss.name, HuberLoss.name].contains(word.name)
    {
      let what = prediction.name ?? "the prediction"
      warn(
        .probabilities,
        "`\(what)` is already a \(probability.word); \(word.name) takes logits\(probability.source.map { ": use `\($0)`" } ?? "")",
        at: bound.spans[word.compared.prediction] ?? name.span, frame)
    }
    site.begin(path: word.name, line: name.span.line)
    do {
      return .loss(try word.expand(bound.arguments, site))
    } catch {
      report(error, word.name, prediction, target, bound, at: name.span, frame)
      return .unknown
    }
  }

  /// Tells why a loss or a metric does not fit its tensors.
  func report(
    _ fact: WordError, _ word: String, _ prediction: TensorMeaning?, _ target: TensorMeaning?, _ bound: BoundCall,
    at place: SourceSpan, _ frame: Frame
  ) {
    let first = prediction?.name ?? "the prediction"
    let second = target?.name ?? "the target"
    let declared = (target?.chain?.place).map { [Diagnostic.Label($0, "\(second) is declared here")] } ?? []
    switch fact {
    case .classes(let scores, let classes):
      error(
        .classes, "\(first) has \(scores) classes, \(second) has \(classes)", at: place, frame, secondary: declared,
        notes: shapes(prediction?.chain), help: classesHelp(scores, classes, frame))
    case .typesDiffer(_, let a, _, let b):
      error(
        .lossOperands, "\(word) compares \(first) with \(second): \(first) is \(a), \(second) is \(b)",
        at: place, frame, secondary: declared, help: lossHelp(word, a, b))
    case .element(let expected, let found):
      let isTarget = target?.tensor?.type == found
      error(
        .lossOperands, "\(word) needs \(expected) for `\(isTarget ? second : first)`, gets \(found)", at: place, frame,
        secondary: isTarget ? declared : [], help: elementHelp(word, found))
    case .rank(_, let found, let form):
      error(
        .lossOperands, "\(word) needs \(form) for `\(first)`, gets \(found)", at: place, frame,
        notes: shapes(prediction?.chain))
    case .argument(let argument, let reason):
      error(.argumentValue, "`\(argument)` of \(word) \(reason)", at: bound.spans[argument] ?? place, frame)
    case .misplaced(let what): error(.settingValue, what, at: place, frame)
    case .unsupported(let what): error(.notSupported, "\(what) is not supported yet", at: place, frame)
    case .tooLarge(let shape):
      error(.tooLarge, "\(word) needs a tensor of \(shape), more than any can have", at: place, frame)
    case .shape(let fact): error(.lossOperands, "\(word) does not fit: \(text(of: fact))", at: place, frame)
    default: error(.lossOperands, "\(word) does not fit `\(first)` and `\(second)`", at: place, frame)
    }
  }

  /// Which parameter of the net says how many classes there are.
  private func classesHelp(_ scores: Int, _ classes: Int, _ frame: Frame) -> [Diagnostic.Help] {
    guard let net = frame.outer, let declaration = net.declaration else { return [] }
    let insertion = train.flatMap { $0.arguments == nil ? $0.net.span.after : nil }
    for parameter in declaration.parameters {
      guard case .number(let value)? = net.names[parameter.name.text]?.meaning, value.whole == scores else { continue }
      let name = parameter.name.text
      let isDefault = parameter.defaultValue.map { $0.span.text == String(scores) } ?? false
      return [
        .init(
          "\(declaration.name.text) is trained with \(name) = \(scores)\(isDefault ? " (default)" : ""); "
            + "write `train \(declaration.name.text)(\(name) = \(classes))`",
          edits: insertion.map { [.init($0, "(\(name) = \(classes))")] } ?? [], isSure: false)
      ]
    }
    return [.init("the last layer must have \(classes) outputs, or the target `index(\(scores))`")]
  }

  private func lossHelp(_ word: String, _ a: ExampleType, _ b: ExampleType) -> [Diagnostic.Help] {
    if word == CrossEntropyLoss.name, let axis = a.shape.indices.first(where: { without($0, a.shape) == b.shape }) {
      return [.init("with the classes along axis \(axis) write `axis=\(axis)`")]
    }
    if a.count == b.count {
      return [.init("`reshape([\(b.shape.map(String.init).joined(separator: ", "))])` makes the shapes equal")]
    }
    return []
  }

  private func elementHelp(_ word: String, _ found: ExampleType) -> [Diagnostic.Help] {
    switch (word, found.element) {
    case (CrossEntropyLoss.name, .bool): [.init("for a yes-or-no target use `binary_cross_entropy`")]
    case (BinaryCrossEntropyLoss.name, .index): [.init("for an `index(n)` target use `cross_entropy`")]
    case (CrossEntropyLoss.name, .float32): [.init("for a target that is a number use `mse`")]
    case (MSELoss.name, .index), (MAELoss.name, .index), (HuberLoss.name, .index):
      [.init("for an `index(n)` target use `cross_entropy`")]
    default: []
    }
  }

  /// The metrics of a list, each added to the graph in evaluation.
  func metrics(_ flow: FlowSyntax, _ frame: Frame) -> [MetricSettings] {
    var flows = [flow]
    if case .list(let list)? = flow.expression { flows = list.elements }
    var settings: [MetricSettings] = []
    for flow in flows {
      guard let (word, bound, name) = word(flow, words.metrics, "metric", .metric, frame) else { continue }
      let title = word.title(bound.arguments)
      if settings.contains(where: { $0.name == title }) {
        error(.duplicateName, "the metric `\(title)` is listed twice", at: name, frame)
        continue
      }
      let prediction = bound.tensors["prediction"] ?? lossOperands?.prediction
      let target = bound.tensors["target"] ?? lossOperands?.target
      guard let a = prediction?.tensor, let b = target?.tensor else { continue }
      // What is wrong with the loss has been said once.
      if bound.tensors.isEmpty, !lossFits { continue }
      site.begin(path: title, line: name.line)
      do {
        var arguments = bound.arguments
        if bound.tensors.isEmpty, !arguments.has("ignore"), word.schema.contains(where: { $0.name == "ignore" }) {
          arguments.values["ignore"] = lossIgnores
        }
        let isBare = bound.tensors.isEmpty
        let scores = try isBare ? lossAxis.map { axis throws(WordError) in try classesLast(a, axis: axis, site) } : nil
        let parts = try word.expand(scores ?? a, b, arguments, site)
        settings.append(
          MetricSettings(name: title, higherIsBetter: word.higherIsBetter, summary: parts.summary))
        if site.mode == .evaluation {
          for (part, value) in parts.values.enumerated() {
            site.builder.output(MetricSummary.partName(title, part), value)
          }
        }
      } catch WordError.element, WordError.typesDiffer {
        error(
          .metric, "\(title) does not fit: it compares \(a.type) with \(b.type)", at: name, frame,
          help: metricHelp(b.type))
      } catch {
        report(error, title, prediction, target, bound, at: name, frame)
      }
    }
    return settings
  }

  private func metricHelp(_ target: ExampleType) -> [Diagnostic.Help] {
    switch target.element {
    case .float32: [.init("for numbers there are `mse`, `mae` and `r2`")]
    case .bool: [.init("for a yes-or-no target there are `accuracy`, `f1` and `auc`")]
    case .index: [.init("for classes there are `accuracy`, `f1` and `confusion`")]
    }
  }
}
