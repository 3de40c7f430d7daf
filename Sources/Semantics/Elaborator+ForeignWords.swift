import Source
import Syntax
import Vocabulary

// Words and ways of other languages that stand for something else here.
extension Elaborator {
  /// What is written here for a layer of another language that there is not: what holds layers, stands for an input, or calculates.
  func foreignWordHelp(_ name: String) -> [Diagnostic.Help] {
    switch name.lowercased() {
    case "sequential", "modulelist", "chain": [.init("layers follow one another with `->`: `x -> linear(8) -> relu`")]
    case "input", "inputlayer": [.init("an input is a line of the net: `input x: f32[4]`")]
    case "argmax":
      [
        .init(
          "a net ends with its scores: losses and metrics take them, and `netc predict` names the class of the highest")
      ]
    case "lambda", "activation": [.init("an activation is a stage of its own: `-> relu`")]
    case "add", "plus", "residual", "skip", "shortcut": [.init("tensors are added by `+`: `a + b -> relu`")]
    case "multiply", "mul", "times": [.init("tensors are multiplied by `*`: `a * b -> relu`")]
    case "subtract", "sub", "minus", "divide", "div": [.init("tensors are calculated with by `+ - * /`: `a - b`")]
    case "pool", "pooling", "downsample": [.init("there are `max_pool(2)` and `avg_pool(2)`")]
    case "print", "log", "summary": [.init("`netc summary` shows every layer with its shape")]
    case "clone", "detach", "copy": [.init("a name keeps its value, and may be read several times")]
    default: []
    }
  }

  /// `-> concat(b)`: a function of tensors where a layer stands.
  func functionHelp(_ name: String, _ call: CallSyntax?) -> Diagnostic.Help {
    let given = (call?.arguments?.arguments ?? []).map(\.span.text).joined(separator: ", ")
    let rest = given.isEmpty || given.utf8.count > 40 ? "b" : given
    return .init("it starts a flow, and has what flows here as its first tensor: `\(name)(…, \(rest)) -> …`")
  }

  /// `x.shape`: sizes are read from types.
  func sizeHelp(_ path: CallSyntax) -> [Diagnostic.Help] {
    guard path.path.count == 2, ["shape", "size", "dim", "ndim", "length", "width"].contains(path.path[1].text) else {
      return []
    }
    return [.init("sizes have names in the type of a block's input: `input x: f32[c, h, w]`")]
  }

  /// `net(x)` in a loss: the net in place of what comes out of it; true where it was reported.
  func isNetCalled(_ call: CallSyntax, _ frame: Frame) -> Bool {
    guard call.path.count == 1, frame.declaration == nil, call.path[0].text == train?.net.text else { return false }
    netForOutput(call.path[0], frame, at: call.span)
    return true
  }

  /// `t(x)`, where `t` is a declared layer.
  func calledValueHelp(_ entry: Frame.Entry, _ call: CallSyntax) -> [Diagnostic.Help] {
    guard entry.kind == .layer, let arguments = call.arguments?.arguments, arguments.count == 1,
      arguments[0].name == nil, arguments[0].value.stages.isEmpty
    else { return [] }
    let text = "\(arguments[0].span.text) -> \(call.pathText)"
    return [.init("a tensor is sent through it: `\(shortenedText(text))`")]
  }

  private func shortenedText(_ text: String) -> String { text.utf8.count > 60 ? "x -> …" : text }

  /// What is said of an operator that tensors do not have.
  func tensorOperatorHelp(_ node: BinarySyntax) -> Diagnostic.Help {
    if node.operator == .power, case .number(let number) = node.right, number.doubleValue == 2,
      case .call(let call) = node.left, call.arguments == nil, call.pathText.utf8.count <= 40
    {
      let text = "\(call.pathText) * \(call.pathText)"
      return .init("write `\(text)`", edits: [.init(node.span, text)], isSure: false)
    }
    return .init("tensors have `+ - * /` and comparisons")
  }

  /// `by="context"`: the name of a tensor in quotes; nil for everything else.
  func quotedNameHelp(_ meaning: Meaning, _ span: SourceSpan, _ frame: Frame) -> [Diagnostic.Help]? {
    guard case .text(let text) = meaning, case .tensor? = frame.entry(text)?.meaning else { return nil }
    return [.init("names stand without quotes: `\(text)`", edits: [.init(span, text)], isSure: false)]
  }

  /// `l2(0.01)` in a loss: what keeps weights small belongs to the optimizer; nil for everything else.
  func penaltyHelp(_ call: CallSyntax) -> [Diagnostic.Help]? {
    let penalties = ["l1", "l2", "l1_loss", "l2_loss", "l1_regularization", "l2_regularization", "weight_decay"]
    guard penalties.contains(call.path[0].text), let arguments = call.arguments?.arguments, arguments.count == 1 else {
      return nil
    }
    var amount = "0.01"
    if case .number(let number)? = arguments[0].value.expression { amount = number.span.text }
    return [.init("weights are kept small by the optimizer: `adamw(lr=1e-3, weight_decay=\(amount))`")]
  }

  /// A word that stands elsewhere in place of a value, such as a schedule for a number; nil for other names.
  func misplacedWord(_ name: String) -> String? {
    CompileTimeFunction(rawValue: name) == nil ? otherWord(name) : nil
  }

  /// `attention(4, causal)`: the name of an argument without its value; nil for everything else.
  func bareNameHelp(_ argument: ArgumentSyntax, _ word: any Word.Type, _ frame: Frame) -> Diagnostic.Help? {
    guard argument.name == nil, let name = argument.value.expression?.bareCall, frame.entry(name.text) == nil,
      scope(frame).constants[name.text] == nil,
      let meant = word.schema.first(where: { $0.name == name.text }), meant.kind == .flag
    else { return nil }
    let text = "\(name.text)=true"
    return .init("write `\(text)`", edits: [.init(argument.span, text)], isSure: false)
  }

  /// What calculates in other languages what is made of layers and operators here.
  func foreignFunctionHelp(_ name: String) -> [Diagnostic.Help] {
    switch name.lowercased() {
    case "dot", "inner": [.init("the product of two rows is `a * b -> sum(0)`")]
    case "cosine_similarity", "norm": [.init("it is made of `*`, `/` and `-> sum(0)`")]
    case "relu6", "where", "select":
      [.init("a tensor cannot decide anything: `if` is for numbers that are known beforehand")]
    case "cat", "stack", "hstack", "vstack": [.init("tensors are put behind one another by `concat(a, b)`")]
    case "mm", "bmm", "einsum": [.init("the product of matrices is `matmul(a, b)`")]
    case "len", "size", "shape": [.init("sizes have names in the type of a block's input: `input x: f32[c, h, w]`")]
    default: []
    }
  }

  /// `abs(a - b)`: a function of numbers that tensors have as a layer.
  func tensorFunctionHelp(
    _ name: String, _ meaning: Meaning, _ arguments: ArgumentsSyntax
  ) -> [Diagnostic.Help] {
    guard case .tensor = meaning, let word = words.layers[name] else { return [] }
    let needed = word.schema.filter { $0.presence == .required }.map(\.name).joined(separator: ", ")
    let head = arguments.arguments.count == 1 ? shortenedText(arguments.arguments[0].span.text) : "x"
    return [.init("a tensor is sent through a layer: `\(head) -> \(name)\(needed.isEmpty ? "" : "(\(needed))")`")]
  }

  /// `0-63` where columns are listed; nil for everything else.
  func rangeHelp(_ flow: FlowSyntax, _ kind: ArgumentKind) -> Diagnostic.Help? {
    guard case .either = kind, case .binary(let node)? = flow.expression, node.operator == .subtract,
      case .number(let first) = node.left, case .integer(let low) = first.value, case .number(let last) = node.right,
      case .integer(let high) = last.value, low < high, high < 1 << 30
    else { return nil }
    let text = "range(\(low), \(high + 1))"
    return .init("the numbers from \(low) to \(high) are `\(text)`", edits: [.init(flow.span, text)], isSure: false)
  }

  /// A list of losses where a loss stands; nil for everything else.
  func lossesHelp(_ flow: FlowSyntax) -> Diagnostic.Help? {
    guard case .list(let list)? = flow.expression, list.elements.count > 1,
      list.elements.allSatisfy({ $0.span.end - $0.span.start <= 60 })
    else { return nil }
    let text = list.elements.map(\.span.text).joined(separator: " + ")
    return .init("losses are added: `\(text)`", edits: [.init(flow.span, text)], isSure: false)
  }

  /// What a binding that is never used may be meant for: a setting of `train` has no effect in a net.
  func settingHelp(_ name: String) -> [Diagnostic.Help] {
    SettingName(rawValue: name) == nil ? [] : [.init("`\(name)` is a setting: it stands in `train … { … }`")]
  }

  /// Where the pictures of a well-known set come from.
  func knownSetHelp(_ name: String) -> [Diagnostic.Help] {
    switch name.lowercased().filter({ $0 != "_" }) {
    case "mnist", "fashionmnist":
      [.init("its files are read by `idx(\"…\")`; `digits(\"train\")` are smaller ones that netc brings along")]
    case "cifar", "cifar10", "cifar100", "imagenet", "imagefolder", "pictures", "images":
      [.init("pictures in folders, one for each class, are read by `image_folder(\"…\")`")]
    default: []
    }
  }
}
