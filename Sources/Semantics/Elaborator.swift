import Graphs
import Source
import Syntax
import Vocabulary

/// One walk over a net, blocks expanded, that builds its graph and notes its layers. Every mistake is reported once and leaves an
/// unknown behind that satisfies everything.
final class Elaborator {
  let program: Program
  var site: LayerSite
  var reporter: Reporter
  var layers: [LayerSummary] = []
  /// The inputs of the net, in order.
  var inputTypes: [(name: String, type: ExampleType)] = []
  /// The layer that brought each parameter.
  var parameterPlaces: [String: SourceSpan] = [:]
  /// Declarations that were read, by their names.
  var used: Set<SourceSpan> = []
  var constants: [SourceSpan: ConstantState] = [:]
  /// The first loss of the train section: bare metrics read what it reads.
  var lossOperands: (prediction: TensorMeaning, target: TensorMeaning)?
  /// The target that it ignores.
  var lossIgnores: ArgumentValue?
  /// The axis along which it has its classes.
  var lossAxis: Int?
  /// Whether an input is declared with the axis of the batch, which all that comes of it has too.
  var describesBatch = false
  /// Where inputs and targets are declared whose types were told to be wrong: what else does not go with them is the same mistake.
  var blamedInputs: Set<SourceSpan> = []
  /// The same of tensors whose columns were told to be wrong.
  var blamedColumns: Set<SourceSpan> = []
  /// Where inputs are declared that were told to have their channels last: nothing that comes of them is looked at any further.
  var misreadInputs: Set<SourceSpan> = []
  /// Inputs that look like pictures with their channels last, and that a convolution reads.
  var pictures: [SourceSpan: ChainStep] = [:]
  /// Layers that were told to be declared below their first use.
  var toldLater: Set<SourceSpan> = []
  /// The body of the net that is elaborated, with its parameters.
  var rootFrame: Frame?
  /// Whether the net is only tried with another size of an input, and how often it was.
  var isTrial = false
  var trials = 0
  /// The shapes that inputs are tried with, by the places of their names.
  var pretendedShapes: [SourceSpan: [Int]] = [:]
  /// The least size of an input that the first window needs which does not fit.
  var leastSize: Int?
  /// The training data, which the validation goes with; nil after a mistake in it.
  var placedData: PlacedData?
  /// Whether numbers of pictures were told to be normalised by what is not theirs.
  var rangeIsWrong = false
  /// The arguments that settings were told to be, by the name of the optimizer that has them.
  var movedArguments: [SourceSpan: Set<String>] = [:]
  /// Whether the optimizer was told to be missing.
  var isOptimizerTold = false
  /// Whether a rule was told that there is no validation.
  var isNoValidationTold = false
  /// Whether the loss is one.
  var lossFits = false
  /// Whether it would be one after a fix that was offered.
  var isLossMended = false
  /// The section that is elaborated with its net.
  var train: TrainSyntax?
  /// Whether losses may stand where an expression is evaluated.
  var allowsLosses = false
  /// Whether the outputs of the net may be named where an expression is evaluated, and no losses.
  var readsOutputs = false
  /// What was found at the places of the text, if somebody wants to know.
  var observations: Observations?
  /// What is left of stages, and of nodes for nets to come.
  var budget: ExpansionBudget
  var isExhausted: Bool { budget.isExhausted }

  /// How deep blocks may call blocks, and constants refer to constants.
  static let depthLimit = 100
  /// Declared layers that are being read, each among the arguments of the one before; and how many may be.
  var layersBeingRead: [SharedLayer] = []
  static let layerDepthLimit = 20
  /// Constants that are being evaluated, each for the one before.
  var evaluatedConstants: [ConstSyntax] = []

  /// What each misspelt name was taken for: a body that is expanded a thousand times is looked through once.
  private var suggestions: [SourceSpan: String?] = [:]

  /// How often something did not fit at a place. In a body that is expanded a thousand times it does so each time.
  private var misfits: [SourceSpan: Int] = [:]

  /// What each unknown layer was replaced by, by its name's place.
  var replacedLayers: [SourceSpan: String?] = [:]

  /// Names that were told to be nowhere, and are not close to any: what is missing is missing once.
  var toldMissing: Set<String> = []

  /// Bodies without inputs in which a name was told to be missing: the others are missing for the same reason.
  var bodiesWithoutInputs: Set<SourceSpan> = []

  /// Bodies in which a name was told to be declared twice: one of the two has another name, which is missing.
  var bodiesWithDuplicates: Set<SourceSpan> = []

  /// What was looked at for its names only: once is enough.
  var resolved: Set<SourceSpan> = []

  /// Whether a further misfit at `span` is worth working out its message; it counts as an error all the same.
  func isWorthTelling(_ code: DiagnosticCode, at span: SourceSpan) -> Bool {
    if reporter.isFull {
      reporter.hide(code.code, at: span)
      return false
    }
    misfits[span, default: 0] += 1
    if misfits[span, default: 0] <= 3 { return true }
    reporter.suppress()
    return false
  }

  /// Whether a misfit at `span` is shown, and is the first there.
  func isNewMisfit(at span: SourceSpan) -> Bool { !reporter.isFull && misfits[span] == nil }

  enum ConstantState {
    case evaluating
    case known(Meaning)
  }

  init(_ program: Program, _ reporter: Reporter, _ budget: ExpansionBudget = ExpansionBudget()) {
    self.program = program
    self.reporter = reporter
    self.budget = budget
    site = LayerSite(mode: .evaluation, batch: 1, seed: 0)
  }

  /// What can be named in the file of a body.
  func scope(_ frame: Frame) -> Program.Scope { program.scope(of: frame.file ?? program.file) }

  /// Where the layers of each path stand: a path belongs to one.
  var labelPlaces: [String: SourceSpan] = [:]
  /// The calls of the stages, by the label or word that diagnostics about them point at.
  var stageCalls: [SourceSpan: CallSyntax] = [:]
  /// The rounds of `repeat` that are expanded, the innermost last.
  var rounds: [(number: Int, count: Int)] = []
  /// In a trial: what the convolutions at these places are padded by instead.
  var pretendedPadding: [SourceSpan: Int] = [:]
  /// The nets tried with another padding; there is a limit.
  var paddingTrials = 0
  /// The net that is elaborated.
  var net: NetSyntax?
  /// The `--set` option that gave a parameter its value, by the parameter's name.
  var optionOf: [SourceSpan: String] = [:]

  /// Counts an expansion; false when there were too many.
  func spend(at span: SourceSpan, _ frame: Frame) -> Bool {
    if isExhausted { return false }
    if site.isFull {
      tooManyNodes(at: span, frame)
      return false
    }
    if budget.spendStage() { return true }
    error(
      .expansion, "the nets of this file expand to more than \(ExpansionBudget.stageLimit) stages", at: span, frame,
      help: [.init("check the counts of `repeat` and the lists of `for` around this place")])
    return false
  }

  /// Counts steps of working out values; false when there were too many.
  func compute(_ steps: Int = 1, at span: SourceSpan, _ frame: Frame) -> Bool {
    if budget.isExhausted { return false }
    if budget.spend(steps: steps) { return true }
    error(
      .expansion, "it takes more than \(ExpansionBudget.stepLimit) steps to work out the values of this file", at: span,
      frame, help: [.init("check the lengths of lists, and the counts of `repeat` and `for` around this place")])
    return false
  }

  /// Reports, once, that the graph has no room for what stands at `span`.
  func tooManyNodes(at span: SourceSpan, _ frame: Frame?) {
    if isExhausted { return }
    budget.isExhausted = true
    error(
      .expansion, "the nets of this file expand to more than \(ExpansionBudget.nodeLimit) operations and weights",
      at: span,
      frame, help: [.init("check the counts of `repeat`, the lists of `for` and the arguments around this place")])
  }

  /// Reports an error at a place inside `frame`, or a warning, as the code says. Its words are worked out only if it is shown: of a
  /// thousand alike, a screenful is.
  func error(
    _ code: DiagnosticCode, _ message: @autoclosure () -> String, at span: SourceSpan, _ frame: Frame?,
    label: String? = nil, secondary: @autoclosure () -> [Diagnostic.Label] = [],
    notes: @autoclosure () -> [Diagnostic.Note] = [], help: @autoclosure () -> [Diagnostic.Help] = []
  ) {
    guard reporter.admits(code.code, code.severity, at: span) else { return }
    let diagnostic = Diagnostic(
      code, message(), at: span, label: label, secondary: secondary(), context: frame.flatMap { context($0, span) },
      notes: notes(), help: help())
    reporter.report(diagnostic)
  }

  func warn(
    _ code: DiagnosticCode, _ message: @autoclosure () -> String, at span: SourceSpan, _ frame: Frame?,
    secondary: @autoclosure () -> [Diagnostic.Label] = [], notes: @autoclosure () -> [Diagnostic.Note] = [],
    help: @autoclosure () -> [Diagnostic.Help] = []
  ) {
    error(code, message(), at: span, frame, secondary: secondary(), notes: notes(), help: help())
  }

  /// "line 4", with the file where that is not clear to somebody who reads a message about `reader`.
  func line(_ place: SourceSpan, for reader: SourceSpan) -> String {
    let isClear = place.file == reader.file && place.file == program.file
    return isClear ? "line \(place.line)" : "line \(place.line) of \(place.file.path)"
  }

  /// "in block basic, called as layer2.0 (line 19) from ResNet18 (line 29)", for somebody who reads about `reader`; nil outside of blocks.
  private func context(_ frame: Frame, _ reader: SourceSpan) -> String? {
    var inner = frame
    while inner.declaration == nil, let outer = inner.outer { inner = outer }
    guard let declaration = inner.declaration, let caller = inner.caller else { return nil }
    let kind = declaration.kind.rawValue
    let isLabelled = inner.prefix.contains { !$0.isNumber && $0 != "." }
    var text =
      isLabelled
      ? "in \(kind) \(declaration.name.text), called as \(shortPath(inner.prefix)) (\(line(caller.span, for: reader)))"
      : "in \(kind) \(declaration.name.text), called on \(line(caller.span, for: reader))"
    var outermost = caller.frame
    var place: SourceSpan?
    while let next = outermost.caller {
      place = next.span
      outermost = next.frame
    }
    if let root = outermost.declaration {
      text += " from \(root.name.text)" + (place.map { " (\(line($0, for: reader)))" } ?? "")
    }
    return text
  }

  /// A path of labels; of a very long one the end.
  private func shortPath(_ path: String) -> String { path.count > 60 ? "…" + path.suffix(59) : path }

  /// "; did you mean `stride`?" with the edit, or nothing.
  func suggestion(
    for name: NameSyntax, among candidates: @autoclosure () -> [String], synonyms: [String: String] = [:]
  ) -> (text: String, word: String?, help: [Diagnostic.Help]) {
    suggestion(for: name.text, at: name.span, among: candidates(), synonyms: synonyms)
  }

  /// The same for the text at a span.
  func suggestion(
    for name: String, at key: SourceSpan, among candidates: @autoclosure () -> [String],
    synonyms: [String: String] = [:]
  ) -> (text: String, word: String?, help: [Diagnostic.Help]) {
    // What is not shown needs no advice, which takes a look at every name there is.
    if reporter.isFull { return ("", nil, []) }
    let known = suggestions[key]
    let found = known ?? closestSpelling(of: name, among: candidates().sorted(), synonyms: synonyms)
    if known == nil { suggestions[key] = .some(found) }
    guard let word = found else { return ("", nil, []) }
    // What is short and a common label, such as `fc`, may be a layer that was never declared.
    let isSynonym = name.utf8.count > 4 && synonyms.values.contains(word)
    let isSure = isSynonym || isSlip(name, for: word)
    let help = Diagnostic.Help("write `\(word)`", edits: [.init(key, word)], isSure: isSure)
    return ("; did you mean `\(word)`?", word, [help])
  }
}

/// Joins two parts of a path of labels.
func joined(_ prefix: String, _ component: String) -> String {
  prefix.isEmpty ? component : component.isEmpty ? prefix : prefix + "." + component
}
