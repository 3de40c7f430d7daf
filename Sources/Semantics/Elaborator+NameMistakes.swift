import Source
import Syntax
import Vocabulary

// What is said of names that are not what was expected.
extension Elaborator {
  /// How a name that does not exist here could be declared.
  func declarationHelp(_ name: NameSyntax, _ frame: Frame) -> [Diagnostic.Help] {
    if let train, frame.outer?.declaration != nil, frame.declaration == nil {
      if ["epoch", "epochs", "step", "steps"].contains(name.text) {
        return [.init("a unit stands behind a number: `1 \(name.text)`", edits: [.init(name.span.before, "1 ")])]
      }
      guard allowsLosses || readsOutputs else { return [] }
      return [
        .init("the outputs of `\(train.net.text)` and the targets can be named here: `target \(name.text): index(10)`")
      ]
    }
    if let block = frame.declaration, block.kind == .block,
      program.netOrder.contains(where: { $0.kind == .net && $0.parameters.contains { $0.name.text == name.text } })
    {
      let others = block.parameters.map(\.span.text) + [name.text]
      return [
        .init(
          "a block does not see what belongs to a net: give it a parameter, `block \(block.name.text)(\(others.joined(separator: ", ")))`"
        )
      ]
    }
    let known = Set(frame.allNames).sorted()
    let lacksInput = frame.declaration.map { $0.inputNames.isEmpty } ?? false
    guard !known.isEmpty, !lacksInput else {
      return frame.declaration == nil ? [] : [.init("a body starts with its inputs: `input \(name.text): f32[…]`")]
    }
    return [.init("named here: " + known.prefix(8).map { "`\($0)`" }.joined(separator: ", "))]
  }

  /// `x.relu` and the like: a path of which there is none.
  func unknownPath(_ call: CallSyntax, _ frame: Frame) {
    let (first, last) = (call.path[0], call.path[call.path.count - 1])
    let path = call.path[0].span.extended(to: last.span)
    // The label may stand in what could not be read.
    if reporter.isUnread(first.text) { return reporter.suppress() }
    var help: [Diagnostic.Help] = []
    if first.text == "self", call.path.count == 2, frame.entry(last.text) != nil {
      help = [.init("write `\(last.text)`", edits: [.init(path, last.text)])]
    } else if call.path.count == 2, first.text == train?.net.text, frame.entry(last.text) != nil {
      help = [.init("write `\(last.text)`", edits: [.init(path, last.text)])]
    } else if call.path.count == 2, frame.entry(first.text) == nil, let net = scope(frame).nets[first.text],
      net.body.contains(where: { if case .output(let node) = $0 { node.name.text == last.text } else { false } })
    {
      let label =
        String(first.text.prefix(1)).lowercased() == first.text
        ? first.text + "1" : String(first.text.prefix(1)).lowercased()
      help = [
        .init(
          "the outputs of a block are read by the label of its stage: `-> \(label): \(first.text)`, and then `\(label).\(last.text)`"
        )
      ]
    } else if frame.entry(first.text) != nil, words.layers[last.text] != nil || scope(frame).nets[last.text] != nil {
      help = [.init("a tensor is sent through a layer with `->`: `\(first.text) -> \(last.text)`")]
    }
    if help.isEmpty, call.path.count == 2,
      let label = frame.labels.keys.sorted().first(where: {
        frame.labels[$0]?[last.text] != nil
      })
    {
      let text = "\(label).\(last.text)"
      help = [.init("it is read by the label of the stage: `\(text)`", edits: [.init(path, text)], isSure: false)]
    }
    if help.isEmpty, case .tensor? = frame.entry(first.text)?.meaning { help = sizeHelp(call) }
    if help.isEmpty, call.path.count == 2, case .tensor? = frame.entry(first.text)?.meaning,
      let near = closestSpelling(of: last.text, among: words.layers.keys.sorted(), synonyms: layerSynonyms)
    {
      help = [.init("a tensor is sent through a layer with `->`: `\(first.text) -> \(near)(…)`")]
    }
    error(.unknownName, "there is no `\(call.pathText)` here", at: path, frame, help: help)
  }

  /// `mse(Net, target)`: the net in place of what comes out of it.
  func netForOutput(_ name: NameSyntax, _ frame: Frame, at place: SourceSpan? = nil) {
    let outputs = rootFrame?.outputs.map(\.name) ?? []
    let known = outputs.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    error(
      .misplacedLayer, "`\(name.text)` is the net; losses and metrics name its outputs", at: name.span, frame,
      help: outputs.count == 1
        ? [.init("write `\(outputs[0])`", edits: [.init(place ?? name.span, outputs[0])], isSure: false)]
        : outputs.isEmpty ? [] : [.init("its outputs are \(known)")])
  }

  /// `tower = linear(32)`: a binding of a layer instead of a tensor. It is reported, and taken for a declaration; nil for others.
  func layerInBinding(_ node: BindingSyntax, _ frame: Frame) -> Meaning? {
    guard node.value.stages.isEmpty, !node.name.isMissing, case .call(let call) = node.value.head, call.path.count == 1,
      call.arguments != nil, frame.entry(call.path[0].text) == nil
    else { return nil }
    let name = call.path[0].text
    let isLayer =
      words.layers[name] != nil && CompileTimeFunction(rawValue: name) == nil && words.functions[name] == nil
    guard isLayer || scope(frame).nets[name] != nil, asFlow(call, frame) == nil else { return nil }
    error(
      .misplacedLayer, "`\(node.name.text) = …` names a tensor, and `\(name)` is a layer", at: call.path[0].span, frame,
      help: [
        .init(
          "a layer to send tensors through further down is declared: `layer \(node.name.text): \(shortened(call.span))`",
          edits: [
            .init(node.name.span.file.span(node.name.span.start, call.span.start), "layer \(node.name.text): ")
          ], isSure: false),
        .init("or send a tensor through it here: `\(node.name.text) = x -> \(shortened(call.span))`"),
      ])
    return .layer(SharedLayer(name: node.name.text, call: call, frame: frame))
  }

  /// `linear(x, 3)`: a layer called like a function.
  func calledLayer(_ call: CallSyntax, _ frame: Frame) -> Meaning {
    let name = call.path[0]
    guard let (flow, meant) = asFlow(call, frame) else {
      unknownName(name, frame)
      return .unknown
    }
    // In the middle of an expression the flow needs brackets.
    let bytes = call.span.file.bytes
    var (before, after) = (call.span.start - 1, call.span.end)
    while before > 0, bytes[before] == 0x20 { before -= 1 }
    while after < bytes.count, bytes[after] == 0x20 { after += 1 }
    let opens = before < 0 || "=(,[".utf8.contains(bytes[before])
    let closes =
      after >= bytes.count || "\n\r),]#".utf8.contains(bytes[after])
      || bytes[after...].starts(with: "->".utf8)
    let text = opens && closes ? flow : "(\(flow))"
    let lacking = lackingArguments(name.text, (call.arguments?.arguments.count ?? 1) - 1)
    error(
      .misplacedLayer, "`\(name.text)` is a layer; a tensor is sent through it with `->`", at: name.span, frame,
      help: [
        lacking.map { .init("write `\(flow)(\($0))`") }
          ?? .init("write `\(text)`", edits: [.init(call.span, text)])
      ])
    return lacking != nil ? .unknown : meant.map { evaluate($0, frame) } ?? .unknown
  }

  /// The required arguments of a layer that is given none; nil where it needs none.
  private func lackingArguments(_ name: String, _ count: Int) -> String? {
    guard count == 0, let word = words.layers[name] else { return nil }
    let needed = word.schema.filter { $0.presence == .required }.map(\.name)
    return needed.isEmpty ? nil : needed.joined(separator: ", ")
  }

  /// `x -> linear(3)` for `linear(x, 3)`, inner calls likewise; nil without a first argument to start from.
  private func asFlow(_ call: CallSyntax, _ frame: Frame) -> (text: String, flow: FlowSyntax?)? {
    guard call.path.count == 1, let arguments = call.arguments?.arguments, let first = arguments.first,
      first.name == nil
    else { return nil }
    var (head, flow) = (first.span.text, Optional(first.value))
    if case .call(let inner)? = first.value.expression, inner.arguments != nil,
      words.layers[inner.path[0].text] != nil || scope(frame).nets[inner.path[0].text] != nil
    {
      guard let meant = asFlow(inner, frame) else { return nil }
      (head, flow) = (meant.text, meant.flow)
    } else if let bare = first.value.expression?.bareCall {
      switch frame.entry(bare.text)?.meaning {
      case .tensor?, .unknown?: break
      default: return nil
      }
    } else if first.value.stages.isEmpty {
      return nil
    }
    var others = Array(arguments.dropFirst())
    var keys = ""
    if call.path[0].text == AttentionLayer.name {
      // Query, key and value, as elsewhere: keys and values are one tensor here.
      func isTensor(_ argument: ArgumentSyntax) -> Bool {
        guard let name = argument.value.expression?.bareCall, argument.name == nil else { return false }
        if case .tensor? = frame.entry(name.text)?.meaning { return true }
        return false
      }
      if let second = others.first(where: isTensor), second.span.text != first.span.text {
        keys = ", keys=\(second.span.text)"
      }
      others.removeAll(where: isTensor)
    }
    if let net = scope(frame).nets[call.path[0].text], net.parameters.isEmpty, !others.isEmpty,
      net.inputNames.count == others.count + 1, others.allSatisfy({ $0.name == nil })
    {
      // The further inputs of a block have their names.
      let named = zip(net.inputNames.dropFirst(), others).map { "\($0)=\($1.span.text)" }.joined(separator: ", ")
      return ("\(head) -> \(net.name.text)(\(named))", nil)
    }
    let rest = others.map(\.span.text).joined(separator: ", ") + keys
    let text = "\(head) -> \(call.path[0].text)" + (rest.isEmpty ? "" : "(\(rest))")
    return (text, others.count + 1 == arguments.count ? flow.map(call.sending) : nil)
  }

  /// Whether a layer is declared below its first use: reported once, with the fix that moves its line.
  func isDeclaredLater(_ name: NameSyntax, _ frame: Frame) -> Bool {
    guard let body = frame.declaration?.body,
      let later = body.first(where: { if case .layer(let node) = $0 { node.name.text == name.text } else { false } }),
      let declared = later.declaredName, declared.span.start > name.span.start
    else { return false }
    guard toldLater.insert(declared.span).inserted else {
      reporter.suppress()
      return true
    }
    let file = name.span.file
    let user = body.first { $0.span.start <= name.span.start && name.span.end <= $0.span.end }
    let (first, last) = (later.span.line, later.span.lastLine)
    var edits: [Diagnostic.Edit] = []
    if let user, user.span.file == file, first == last, last < file.lineStarts.count {
      let line = file.span(file.lineStarts[first - 1], file.lineStarts[last])
      let start = file.lineStarts[user.span.line - 1]
      if line.text.drop(while: { $0 == " " || $0 == "\t" }).hasPrefix(later.span.text) {
        edits = [.init(file.span(start, start), line.text), .init(line, "")]
      }
    }
    error(
      .unknownLayer, "`\(name.text)` is declared further down: a body is read from top to bottom", at: name.span, frame,
      secondary: [.init(declared.span, "declared here")],
      help: [.init("move line \(first) up", edits: edits, isSure: false)])
    return true
  }

  /// Whether a constant reads what belongs to a net of its file: reported, with the line that stands in the net instead.
  func isReadByConstant(_ name: NameSyntax, _ frame: Frame) -> Bool {
    guard frame.declaration == nil, frame.outer == nil, let node = evaluatedConstants.last else { return false }
    func place(in net: NetSyntax) -> SourceSpan? {
      net.parameters.first { $0.name.text == name.text }?.name.span
        ?? net.body.lazy.compactMap(\.declaredName).first { $0.text == name.text }?.span
        ?? net.inputSizes.first { $0.text == name.text }?.span
    }
    let nets = program.netOrder.filter { $0.span.file == name.span.file }
    guard let (net, declared) = nets.lazy.compactMap({ net in place(in: net).map { (net, $0) } }).first else {
      return false
    }
    let line = "\(node.name.text) = \(shortened(node.value.span))"
    error(
      .unknownName, "a `const` stands outside of the nets: it does not see `\(name.text)` of \(net.name.text)",
      at: name.span, frame, secondary: [.init(declared, "declared here")],
      help: [
        .init(
          "write `\(line)` in the body of \(net.name.text)", edits: movingConstant(node, into: net, behind: declared),
          isSure: false)
      ])
    return true
  }

  /// The edits that make a binding of a constant: behind the inputs of a net, and behind what it reads.
  private func movingConstant(_ node: ConstSyntax, into net: NetSyntax, behind declared: SourceSpan) -> [Diagnostic
    .Edit]
  {
    let file = node.span.file
    let inputs = net.body.prefix { if case .input = $0 { true } else { false } }
    let above = net.body.last { $0.span.start <= declared.start && declared.end <= $0.span.end }
    guard file == program.file, let first = net.body.first, first.span.line > net.span.line,
      let last = [inputs.last, above].compactMap({ $0?.span }).max(by: { $0.start < $1.start }),
      node.span.lastLine < file.lineStarts.count
    else { return [] }
    let indentation = file.span(file.lineStarts[first.span.line - 1], first.span.start).text
    guard indentation.allSatisfy({ $0 == " " || $0 == "\t" }) else { return [] }
    let end = file.lineRange(last.lastLine).upperBound
    return [
      .init(file.span(file.lineStarts[node.span.line - 1], file.lineStarts[node.span.lastLine]), ""),
      .init(file.span(end, end), "\n\(indentation)\(node.name.text) = \(node.value.span.text)"),
    ]
  }

  /// Reports a loss whose target is not declared, and takes it as declared; the names of such targets.
  func missingTargets(_ table: SettingTable, _ train: TrainSyntax, _ frame: Frame) -> [String] {
    guard let entry = table.given(.loss), case .call(let call)? = entry.flow.expression, call.path.count == 1,
      let word = words.losses[call.path[0].text], let arguments = call.arguments?.arguments, arguments.count >= 2,
      let target = arguments.first(where: { $0.name?.text == word.compared.target }) ?? Optional(arguments[1]),
      let name = target.value.expression?.bareCall, !name.isMissing, frame.entry(name.text) == nil,
      constant(name.text, frame, marking: false) == nil, !reporter.isUnread(name.text), !reporter.isFull,
      !(net?.inputNames.contains("") ?? false),
      closestSpelling(of: name.text, among: frame.allNames.filter { mayBeTensor($0, frame) }) == nil
    else { return [] }
    let declared = train.body.compactMap { if case .target(let node) = $0 { node.name.text } else { nil } }
    // One whose name could not be read is probably the one.
    if declared.contains("") {
      frame.names[name.text] = Frame.Entry(meaning: .unknown, kind: .target, span: name.span)
      return []
    }
    if let only = declared.first, declared.count == 1 {
      error(
        .unknownName, "there is no target `\(name.text)`: it is called `\(only)`", at: name.span, frame,
        help: [.init("write `\(only)`", edits: [.init(name.span, only)], isSure: false)])
      frame.names[name.text] = Frame.Entry(meaning: .unknown, kind: .target, span: name.span)
      if let entry = frame.names[only] { used.insert(entry.span) }
      return []
    }
    var type = "index(10)"
    if let first = arguments[0].value.expression?.bareCall,
      case .tensor(let tensor)? = frame.entry(first.text)?.meaning,
      let found = tensor.tensor?.type, found.element == .float32
    {
      let shape = Array(found.shape.dropLast())
      switch word.name {
      case CrossEntropyLoss.name:
        if let classes = found.shape.last { type = "\(ExampleType(.index(count: classes), shape))" }
      case BinaryCrossEntropyLoss.name: type = "\(ExampleType(.bool, found.shape))"
      default: type = "\(found)"
      }
    }
    let line = "target \(name.text): \(type)"
    let file = train.span.file
    var edits: [Diagnostic.Edit] = []
    if file == name.span.file, let first = train.body.first?.span, first.line > train.span.line {
      let start = file.lineStarts[first.line - 1]
      let indentation = file.span(start, first.start).text
      if indentation.allSatisfy({ $0 == " " || $0 == "\t" }) {
        edits = [.init(file.span(start, start), "\(indentation)\(line)\n")]
      }
    }
    error(
      .unknownName, "there is no target `\(name.text)`: what the net should say is declared", at: name.span, frame,
      help: [.init("add the line `\(line)`", edits: edits, isSure: false)])
    frame.names[name.text] = Frame.Entry(meaning: .unknown, kind: .target, span: name.span)
    used.insert(name.span)
    return [name.text]
  }

  private func mayBeTensor(_ name: String, _ frame: Frame) -> Bool {
    switch frame.entry(name)?.meaning {
    case .tensor, .unknown: true
    default: false
    }
  }

  /// A word of the language that is no layer, where a layer stands; nil for other names.
  func otherWord(_ name: String) -> String? {
    if words.losses[name] != nil { return "`\(name)` is a loss: losses stand in the setting `loss` of `train`" }
    if words.metrics[name] != nil { return "`\(name)` is a metric: metrics stand in the setting `metrics` of `train`" }
    if words.schedules[name] != nil, words.functions[name] == nil, name != LinearLayer.name {
      return "`\(name)` is a schedule: it stands in the setting `schedule` of `train`"
    }
    if words.sources[name] != nil { return "`\(name)` is a source of data: it stands in the setting `data` of `train`" }
    if words.optimizers[name] != nil {
      return "`\(name)` is an optimizer: it stands in the setting `optimizer` of `train`"
    }
    if words.transforms[name] != nil {
      return "`\(name)` is a transform of data: it follows the source in `train`, `data = csv(…) -> \(name)`"
    }
    if CompileTimeFunction(rawValue: name) != nil { return "`\(name)` is a function of numbers, not a layer" }
    return nil
  }

  /// A net says the sizes of its inputs itself; a block takes them from its caller.
  func sizesAreKnown(_ node: InputSyntax, _ frame: Frame) -> Bool {
    let unknown = (node.type.dimensions ?? []).compactMap(\.bareCall).first {
      !$0.isMissing && frame.entry($0.text) == nil && scope(frame).constants[$0.text] == nil
    }
    guard let unknown, let net = frame.declaration, net.kind == .net else { return true }
    let near = suggestion(for: unknown, among: frame.allNames + Array(scope(frame).constants.keys))
    if near.word == nil, program.lacksImports(frame.file) || hasUnreadHeader(net) {
      reporter.suppress()
      return false
    }
    let found = elsewhere(unknown.text, frame)
    error(
      .unknownName, "there is no `\(unknown.text)` here\(near.text)", at: unknown.span, frame,
      help: near.help.isEmpty
        ? !found.isEmpty
          ? found
          : [
            .init(
              "a net has sizes that are known: give a number, or a parameter `net \(net.name.text)(\(unknown.text) = 4)`"
            )
          ]
        : near.help)
    // What reads the size further down has no mistake of its own.
    declare(unknown, .unknown, .dimension, frame)
    return false
  }

  func noOutput(_ net: NetSyntax) {
    if reporter.isUnread(net.span) { return reporter.suppress() }
    var help = Diagnostic.Help("add a line such as `output y = …`")
    if case .binding(let last)? = net.body.last {
      help = .init(
        "write `output \(last.name.text) = …`", edits: [.init(last.name.span.before, "output ")], isSure: false)
    }
    error(
      .noOutput, "\(net.kind.rawValue) `\(net.name.text)` has no output", at: net.name.span, nil, help: [help])
  }
}

extension NetSyntax {
  /// The names among the sizes of the inputs.
  fileprivate var inputSizes: [NameSyntax] {
    body.flatMap { statement -> [NameSyntax] in
      if case .input(let node) = statement { (node.type.dimensions ?? []).compactMap(\.bareCall) } else { [] }
    }
  }
}
