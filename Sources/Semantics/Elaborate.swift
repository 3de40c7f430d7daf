import Source
import Syntax

/// `--set KEY=VALUE`: a setting of every `train` section (`batch`) or a parameter of a net (`Net.classes`).
package struct SettingOverride: Hashable, Sendable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// What a file means: its models, in the order of the file, and what is wrong with it.
package struct Elaboration: Sendable {
  /// One model for each `train` section, and one for each net that no section trains and whose parameters all have defaults.
  package var models: [Model]
  /// Errors and warnings, in the order of the file.
  package var diagnostics: [Diagnostic]
  /// How many more there are.
  package var hidden: HiddenDiagnostics
  /// Of each net that was elaborated, if they were asked for.
  package var observations: [Observations]
  /// How long it took, against what is allowed at most: 1 is about half a second.
  var effort: Double
}

/// Checks a parsed file and gives its models. An error anywhere leaves out only the models that it concerns.
/// `mistakes` are those of the parser, which become part of the diagnostics; `read` gives the files that are imported; `isObserving`
/// asks for observations; `provesFixes` says that only fixes that were tried are offered.
package func elaborate(
  _ file: FileSyntax, mistakes: [Diagnostic] = [], overrides: [SettingOverride] = [], isObserving: Bool = false,
  provesFixes: Bool = true, read: ImportReader = { _, _ in .failure("there is nothing to import from") }
) -> Elaboration {
  var reporter = Reporter()
  for mistake in mistakes { reporter.report(mistake) }
  if file.declarations.isEmpty, mistakes.isEmpty { reporter.report(emptyFile(file)) }
  let program = Program(file, &reporter, read: read)
  let table = OverrideTable(overrides, program, &reporter)
  var used: Set<SourceSpan> = []
  var models: [Model] = []
  var observations: [Observations] = []
  var budget = ExpansionBudget()
  func elaborate(_ net: NetSyntax, _ train: TrainSyntax?) {
    let source = ModelSource(program: program, net: net, train: train, overrides: table)
    var found = isObserving ? Observations(net: net.name.text) : nil
    if let model = source.elaborate(&reporter, &budget, used: &used, observations: &found)?.model {
      models.append(model)
    }
    if let found { observations.append(found) }
  }
  var expanded: Set<String> = []
  for train in program.trains {
    guard let net = program.trained(by: train, &reporter), !budget.isExhausted else { continue }
    expanded.insert(net.name.text)
    elaborate(net, train)
  }
  for net in program.netOrder where net.kind == .net && !expanded.contains(net.name.text) && !budget.isExhausted {
    let set = table.parameters[net.name.text] ?? [:]
    guard net.parameters.allSatisfy({ $0.defaultValue != nil || set[$0.name.text] != nil }) else { continue }
    expanded.insert(net.name.text)
    elaborate(net, nil)
  }
  let rest = Elaborator(program, reporter, budget)
  rest.used = used
  for net in program.netOrder where !expanded.contains(net.name.text) && !used.contains(net.name.span) {
    rest.resolve(net)
  }
  for constant in program.constants.values.sorted(by: { $0.span.start < $1.span.start }) {
    _ = rest.constant(constant.name.text, Frame(nil), marking: false)
  }
  if rest.reporter.errorCount == 0 { rest.warnUnused() }
  let found = ordered(withoutSpellings(rest.reporter.diagnostics), file.file)
  var hidden = rest.reporter.hidden
  // Errors go first, so that what is too much are warnings.
  hidden.warnings += max(0, found.count - Diagnostic.shownLimit)
  let result = Elaboration(
    models: models, diagnostics: Array(found.prefix(Diagnostic.shownLimit)), hidden: hidden, observations: observations,
    effort: rest.budget.spentShare + Double(file.file.bytes.count) / 1e6)
  return provesFixes ? result.provingFixes(of: file.file, overrides: overrides, read: read) : result
}

/// What is told of a file that declares nothing.
private func emptyFile(_ file: FileSyntax) -> Diagnostic {
  Diagnostic(
    .emptyFile, "the file \(file.comments.isEmpty ? "is empty" : "has nothing but comments"), expected a net",
    at: file.file.span(0, 0),
    help: [.init("such as `net Name { … }`; `netc new digits` makes a folder with one to begin with")])
}

/// Without what is told of how a value is spelt where the same value is told to be none that may stand there: `kernel=None`.
private func withoutSpellings(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
  let spellings: [DiagnosticCode] = [.malformedNumber, .foreignWord, .valueExpected, .malformedString]
  func isSpelling(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.isMended && spellings.contains { $0.code == diagnostic.code }
  }
  guard diagnostics.contains(where: isSpelling) else { return diagnostics }
  let kinds: [DiagnosticCode] = [.argumentKind, .argumentValue, .size]
  let values = diagnostics.filter { diagnostic in kinds.contains { $0.code == diagnostic.code } }.map(\.span)
  return diagnostics.filter { !(isSpelling($0) && values.contains($0.span)) }
}

/// Errors first, since a warning may just follow from one; diagnostics about the options before those about the file, and these from top
/// to bottom.
private func ordered(_ diagnostics: [Diagnostic], _ file: SourceFile) -> [Diagnostic] {
  let order = diagnostics.indices.sorted { left, right in
    let (a, b) = (diagnostics[left].span, diagnostics[right].span)
    let (inFileA, inFileB) = (a.file == file ? 1 : 0, b.file == file ? 1 : 0)
    let (rankA, rankB) = (
      diagnostics[left].severity == .error ? 0 : 1, diagnostics[right].severity == .error ? 0 : 1
    )
    return (rankA, inFileA, inFileA == 1 ? a.start : 0, left) < (rankB, inFileB, inFileB == 1 ? b.start : 0, right)
  }
  return order.map { diagnostics[$0] }
}

extension Program {
  /// The net that a `train` section is about; reports one that there is not.
  fileprivate func trained(by train: TrainSyntax, _ reporter: inout Reporter) -> NetSyntax? {
    let name = train.net
    if name.isMissing { return nil }
    // The net whose name could not be read is probably the one.
    if nets[name.text] == nil, hasNamelessNet || reporter.isUnread(name.text) {
      reporter.suppress()
      return nil
    }
    if let net = nets[name.text], net.kind == .net { return net }
    let candidates = netOrder.filter { $0.kind == .net }.map(\.name.text)
    let near = closestSpelling(of: name.text, among: candidates)
    if let meant = near.flatMap({ nets[$0] }), nets[name.text] == nil, reporter.isOnUnreadLine(meant.name.span) {
      reporter.suppress()
      return meant
    }
    let only = candidates.count == 1 && nets[name.text] == nil ? candidates[0] : nil
    let message =
      nets[name.text] != nil
      ? "`\(name.text)` is a block; only a net can be trained"
      : "there is no net `\(name.text)`" + (near.map { "; did you mean `\($0)`?" } ?? "")
    reporter.report(
      Diagnostic(
        .unknownNet, message, at: name.span,
        help: near.map { [.init("write `\($0)`", edits: [.init(name.span, $0)], isSure: isSlip(name.text, for: $0))] }
          ?? (only.map {
            [.init("the net is called `\($0)`", edits: [.init(name.span, $0)], isSure: false)]
          } ?? [])))
    // A misspelt name counts as the one that was meant.
    return (near ?? only).flatMap { nets[$0] }
  }
}

extension Elaborator {
  /// Warns about declarations that nothing reads.
  fileprivate func warnUnused() {
    func check(_ name: NameSyntax, _ what: String) {
      if name.isMissing || used.contains(name.span) { return }
      warn(
        .unused, "the \(what) `\(name.text)` is never used", at: name.span, nil,
        help: what == "binding" ? settingHelp(name.text) : [])
    }
    // A file that trains nothing may be there for others to import.
    if !program.trains.isEmpty {
      for constant in program.constants.values.sorted(by: { $0.span.start < $1.span.start })
      where constant.span.file == program.file {
        check(constant.name, "constant")
      }
    }
    for net in program.netOrder {
      for parameter in net.parameters { check(parameter.name, "parameter") }
      for statement in net.body {
        switch statement {
        case .binding(let node): check(node.name, "binding")
        case .layer(let node): check(node.name, "layer")
        case .input(let node): check(node.name, "input")
        case .output, .assert: continue
        }
      }
    }
  }
}
