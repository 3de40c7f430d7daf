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
    if isSwapped(prediction, target) { return swapped(word, call, bound, frame) }
    if word.name == CrossEntropyLoss.name, case .index(1)? = target?.tensor?.type.element {
      error(
        .classes, "\(target?.name ?? "the target") has 1 class: there is nothing to tell apart", at: name.span, frame,
        secondary: (target?.chain?.place).map { [.init($0, "declared here")] } ?? [],
        help: singleScoreHelp(name.span, 2, prediction, target))
      return .unknown
    }
    site.begin(path: word.name, line: name.span.line)
    do {
      let loss = try word.expand(bound.arguments, site)
      if let prediction { warnOfPrediction(prediction, word, bound, at: name.span, frame) }
      if let prediction, let target { warnOfSeenTarget(prediction, target, bound, at: name.span, frame) }
      return .loss(loss)
    } catch {
      report(error, word.name, prediction, target, bound, at: name.span, frame)
      if case .classes(let scores, let classes) = error { mendOperands(scores, classes, bound, frame) }
      return .unknown
    }
  }

  /// Goes on with as many scores as the target has classes, where a fix was offered that makes it so.
  private func mendOperands(_ scores: Int, _ classes: Int, _ bound: BoundCall, _ frame: Frame) {
    guard let type = lossOperands?.prediction.tensor?.type, lossAxis == nil || lossAxis == -1, scores != classes,
      classesHelp(scores, classes, lossOperands?.prediction, bound, frame).contains(where: { !$0.edits.isEmpty })
    else { return }
    lossOperands?.prediction.tensor = site.placeholder(ExampleType(type.element, type.shape.dropLast() + [classes]))
    isLossMended = true
  }

  /// Tells why a loss or a metric does not fit its tensors.
  func report(
    _ fact: WordError, _ word: String, _ prediction: TensorMeaning?, _ target: TensorMeaning?, _ bound: BoundCall,
    at place: SourceSpan, _ frame: Frame
  ) {
    let first = prediction?.name ?? "the prediction"
    let second = target?.name ?? "the target"
    let isDeclared = target?.chain.map { $0.previous == nil } ?? false
    let declared =
      isDeclared ? (target?.chain?.place).map { [Diagnostic.Label($0, "\(second) is declared here")] } ?? [] : []
    switch fact {
    case .classes(let scores, let classes):
      error(
        .classes,
        "\(first) has \(scores == 1 ? "1 class" : "\(scores) classes"), \(second) has \(classes)", at: place, frame,
        secondary: declared, notes: shapes(prediction?.chain),
        help: scores == 1 && word == CrossEntropyLoss.name
          ? singleScoreHelp(place, classes, prediction, target)
          : classesHelp(scores, classes, prediction, bound, frame))
    case .typesDiffer where describesBatch: reporter.suppress()
    case .typesDiffer(_, let a, _, let b):
      error(
        .lossOperands, "\(word) compares \(first) with \(second): \(first) is \(a), \(second) is \(b)",
        at: place, frame, secondary: declared, help: lossHelp(word, first, second, a, b, prediction?.chain))
    case .element(let expected, let found):
      let isTarget = target?.tensor?.type == found
      error(
        .lossOperands, "\(word) needs \(expected) for `\(isTarget ? second : first)`, gets \(found)", at: place, frame,
        secondary: isTarget ? declared : [],
        help: elementHelp(word, first, isTarget ? second : first, found, isTarget ? prediction?.tensor?.type : nil))
    case .rank(_, let found, let form):
      error(
        .lossOperands, "\(word) needs \(form) for `\(first)`, gets \(found)", at: place, frame,
        notes: shapes(prediction?.chain))
    case .argument(let argument, let reason):
      error(
        .argumentValue, "`\(argument)` of \(word) \(reason)\(got(argument, reason, bound))",
        at: bound.spans[argument] ?? place, frame)
    case .misplaced(let what): error(.settingValue, what, at: place, frame)
    case .unsupported(let what): error(.notSupported, "\(what) is not supported yet", at: place, frame)
    case .tooLarge(let shape):
      error(.tooLarge, "\(word) needs a tensor of \(shape), more than any can have", at: place, frame)
    case .shape(let fact): error(.lossOperands, "\(word) does not fit: \(text(of: fact))", at: place, frame)
    default: error(.lossOperands, "\(word) does not fit `\(first)` and `\(second)`", at: place, frame)
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
      if bound.tensors.isEmpty, !lossFits, !isLossMended { continue }
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
        if case .argument = error {
          report(error, word.name, prediction, target, bound, at: name, frame)
        } else {
          report(error, title, prediction, target, bound, at: name, frame)
        }
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
