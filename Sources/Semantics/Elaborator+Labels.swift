import Source
import Syntax

// What is said of labels that are taken for something else than the names of weights.
extension Elaborator {
  /// Whether the label of a stage stands where a value does: reported, with the line that gives a name to the value.
  func isLabelRead(_ name: NameSyntax, _ frame: Frame) -> Bool {
    guard let body = frame.body else { return false }
    let isInTrain =
      train.map { $0.span.file == name.span.file && $0.span.start <= name.span.start && name.span.end <= $0.span.end }
      ?? false
    let found = body.lazy.compactMap { statement in statement.flow?.labelled(name.text).map { (statement, $0) } }.first
    let hidden = labelPlaces.values.first { place in
      place.text == name.text
        && body.contains { $0.span.file == place.file && $0.span.start <= place.start && place.end <= $0.span.end }
    }
    guard let label = found?.1.label?.span ?? hidden else { return false }
    if isTold(name, frame) {
      reporter.suppress()
      return true
    }
    let advice = Diagnostic.Help(
      "a value gets its name by `=`: `\(name.text) = … -> \(found.map { shortened($0.1.span) } ?? "\(name.text): …")`")
    error(
      .unknownName,
      "`\(name.text)` is a label (\(line(label, for: name.span))): it names the weights of a stage, not what comes out",
      at: name.span, frame, secondary: [.init(label, "the label")],
      help: [found.flatMap { namingHelp(name, $0.0, $0.1, isInTrain: isInTrain) } ?? advice])
    return true
  }

  /// How the value behind a labelled stage of `statement` can be named, or what its name is; nil where the stage stands in another.
  private func namingHelp(
    _ name: NameSyntax, _ statement: StatementSyntax, _ stage: StageSyntax, isInTrain: Bool
  ) -> Diagnostic.Help? {
    guard let flow = statement.flow, let index = flow.stages.firstIndex(where: { $0.span == stage.span }),
      let known = statement.declaredName
    else { return nil }
    let isOutput = if case .output = statement { true } else { false }
    if index == flow.stages.count - 1, !known.isMissing, isOutput || !isInTrain {
      return .init(
        "what comes out of it is called `\(known.text)`", edits: [.init(name.span, known.text)], isSure: false)
    }
    let word = isInTrain ? "output " : ""
    let file = flow.span.file
    let value = file.span(flow.span.start, stage.span.end)
    let start = file.lineStarts[statement.span.line - 1]
    let indentation = file.span(start, statement.span.start).text
    let isAbove = name.span.file == file && indentation.allSatisfy { $0 == " " || $0 == "\t" }
    return .init(
      "a value gets its name by `=`: `\(word)\(name.text) = \(shortened(value))`, from which \(line(statement.span, for: name.span)) goes on",
      edits: isAbove
        ? [
          .init(file.span(start, start), "\(indentation)\(word)\(name.text) = \(value.text)\n"),
          .init(value, name.text),
        ] : [], isSure: false)
  }

  /// Whether the label of an earlier stage stands where a layer does: reported, with the declaration that shares its weights.
  func isLabel(_ name: NameSyntax, _ call: CallSyntax?, _ frame: Frame) -> Bool {
    guard call?.path.count ?? 1 == 1, let body = frame.declaration?.body else { return false }
    func statement(of span: SourceSpan) -> StatementSyntax? {
      body.first { $0.span.file == span.file && $0.span.start <= span.start && span.end <= $0.span.end }
    }
    let places = labelPlaces.values.filter { $0.text == name.text && $0.start < name.span.start }
    guard let label = places.min(by: { $0.start < $1.start }), let user = statement(of: label) else { return false }
    var help = Diagnostic.Help(
      "to use the same weights twice, declare `layer \(name.text): …` above and write `\(name.text)` in both places")
    if let made = stageCalls[label]?.span {
      let line = "layer \(name.text): \(shortened(made))"
      help.text = "to use the same weights twice, declare `\(line)` above and write `\(name.text)` in both places"
      let start = label.file.lineStarts[user.span.line - 1]
      let indentation = label.file.span(start, user.span.start).text
      if call?.arguments == nil, indentation.allSatisfy({ $0 == " " || $0 == "\t" }) {
        help.edits = [
          .init(label.file.span(start, start), "\(indentation)layer \(name.text): \(made.text)\n"),
          .init(label.file.span(label.start, made.end), name.text),
        ]
        help.isSure = false
      }
    }
    error(
      .unknownLayer, "`\(name.text)` (\(line(label, for: name.span))) is a label, which names one place",
      at: name.span, frame, secondary: [.init(label, "the label")], help: [help])
    return true
  }

  /// What is said of two stages of one label: they need labels of their own, or share their weights where they are the same layer.
  func sharedLabelHelp(_ stage: StageSyntax, _ label: SourceSpan, _ first: SourceSpan, _ frame: Frame)
    -> [Diagnostic.Help]
  {
    let others = Diagnostic.Help("give each a label of its own")
    guard case .call(let call) = stage.kind, let known = stageCalls[first], known.span.text == call.span.text,
      words.layers[call.path[0].text] == nil || parameterPlaces.values.contains(first),
      let body = frame.body, first.file == label.file,
      let user = body.first(where: { $0.span.start <= first.start && first.end <= $0.span.end })
    else { return [others] }
    let start = first.file.lineStarts[user.span.line - 1]
    let indentation = first.file.span(start, user.span.start).text
    let line = "layer \(label.text): \(shortened(call.span))"
    let isAlone = indentation.allSatisfy { $0 == " " || $0 == "\t" }
    return [
      others,
      .init(
        "or, to use the same weights twice, declare `\(line)` above and write `\(label.text)` in both places",
        edits: isAlone
          ? [
            .init(first.file.span(start, start), "\(indentation)layer \(label.text): \(call.span.text)\n"),
            .init(first.extended(to: known.span), label.text), .init(label.extended(to: call.span), label.text),
          ] : [], isSure: false),
    ]
  }
}

extension Frame {
  /// The statements of the net or block whose names are read here; nil in a place without any, such as a constant.
  fileprivate var body: [StatementSyntax]? { declaration?.body ?? outer?.body }
}

extension StatementSyntax {
  /// The flow that gives the statement its value.
  fileprivate var flow: FlowSyntax? {
    switch self {
    case .output(let node): node.value
    case .binding(let node): node.value
    case .input, .layer, .assert: nil
    }
  }
}

extension FlowSyntax {
  /// The stage of a label, wherever it stands among the stages.
  fileprivate func labelled(_ name: String) -> StageSyntax? { stages.lazy.compactMap { $0.labelled(name) }.first }
}

extension StageSyntax {
  fileprivate func labelled(_ name: String) -> StageSyntax? {
    if case .name(name)? = label?.kind { return self }
    let inner: [StageSyntax] =
      switch kind {
      case .group(let group): group.stages
      case .repeat(let node): node.body.stages
      case .for(let node): node.body.stages
      case .if(let node): node.stages
      case .call, .missing: []
      }
    return inner.lazy.compactMap { $0.labelled(name) }.first
  }
}

extension ConditionalStageSyntax {
  /// The stages of all branches.
  fileprivate var stages: [StageSyntax] {
    switch otherwise {
    case nil: then.stages
    case .group(let group): then.stages + group.stages
    case .if(let other): then.stages + other.stages
    }
  }
}
