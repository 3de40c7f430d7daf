import Source
import Syntax
import Vocabulary

/// The settings that a `train` section may have, in the order of the language's list.
package enum SettingName: String, CaseIterable, Sendable {
  case data, validation, loss, metrics, optimizer, schedule
  case initializer = "init"
  case weights, freeze, batch, accumulate, epochs, steps, seed, precision, precise, checkpoint
  case earlyStop = "early_stop"
  case onBad = "on_bad"
}

/// The settings of one `train` section, `--set` applied, by name.
struct SettingTable {
  struct Entry {
    var flow: FlowSyntax
    /// The name, or the option that set it.
    var place: SourceSpan
  }
  private(set) var entries: [SettingName: Entry] = [:]

  /// Unknown and repeated settings are reported.
  init(_ train: TrainSyntax, _ overrides: OverrideTable, _ elaborator: Elaborator, _ frame: Frame) {
    let ofOptimizer = elaborator.optimizerSettings(train, frame)
    for case .setting(let node) in train.body {
      if node.name.isMissing || ofOptimizer.contains(node.name.span) { continue }
      guard let name = SettingName(rawValue: node.name.text) else {
        let near = elaborator.suggestion(
          for: node.name, among: SettingName.allCases.map(\.rawValue), synonyms: settingSynonyms)
        let meant = near.word.flatMap(SettingName.init)
        if meant == nil, let name = elaborator.settingMeant(by: node, train), entries[name] == nil {
          elaborator.error(
            .unknownSetting, "`train` has no setting `\(node.name.text)`; did you mean `\(name.rawValue)`?",
            at: node.name.span, frame,
            help: [.init("write `\(name.rawValue)`", edits: [.init(node.name.span, name.rawValue)], isSure: false)])
          entries[name] = Entry(flow: node.value, place: node.name.span)
          continue
        }
        // Another name for a setting that is there already would set it twice.
        let isFree = meant.map { name in !train.body.contains { $0.settingName == name.rawValue } } ?? false
        if isFree, meant == .validation, let share = elaborator.splitHelp(node.value, after: node.name.span) {
          elaborator.error(
            .unknownSetting, "`train` has no setting `\(node.name.text)`\(near.text)", at: node.name.span, frame,
            help: [share])
          continue
        }
        elaborator.error(
          .unknownSetting, "`train` has no setting `\(node.name.text)`\(isFree ? near.text : "")", at: node.name.span,
          frame,
          help: isFree ? near.help : [elaborator.settingAdvice(node)])
        if isFree, let meant, entries[meant] == nil { entries[meant] = Entry(flow: node.value, place: node.name.span) }
        continue
      }
      if let first = entries[name] {
        elaborator.error(
          .repeatedSetting, "`\(name.rawValue)` is set twice", at: node.name.span, frame,
          secondary: [.init(first.place, "first set here")],
          help: [
            .init(
              "remove one of the two",
              edits: elaborator.removingLine(of: Entry(flow: node.value, place: node.name.span)), isSure: false)
          ])
      } else {
        entries[name] = Entry(flow: node.value, place: node.name.span)
      }
    }
    for (name, flow) in overrides.settings {
      entries[name] = Entry(flow: flow, place: flow.span)
      // A length of training replaces the one of the file.
      if name == .epochs, overrides.settings[.steps] == nil { entries[.steps] = nil }
      if name == .steps, overrides.settings[.epochs] == nil { entries[.epochs] = nil }
    }
  }

  subscript(name: SettingName) -> Entry? { entries[name] }

  /// The setting unless it is `none`.
  func given(_ name: SettingName) -> Entry? {
    guard let entry = entries[name] else { return nil }
    if case .none? = entry.flow.expression { return nil }
    return entry
  }

  /// Whether the setting is written as `none`.
  func isNone(_ name: SettingName) -> Bool { entries[name] != nil && given(name) == nil }
}

extension TrainStatementSyntax {
  fileprivate var settingName: String? { if case .setting(let node) = self { node.name.text } else { nil } }
}

/// What `--set` says, parsed.
struct OverrideTable: Sendable {
  var settings: [SettingName: FlowSyntax] = [:]
  /// By net, then by parameter.
  var parameters: [String: [String: FlowSyntax]] = [:]

  init(_ overrides: [SettingOverride], _ program: Program, _ reporter: inout Reporter) {
    for override in overrides {
      let (flow, mistakes) = parseExpression(override.value, name: "--set \(override.key)")
      for mistake in mistakes { reporter.report(mistake) }
      if !mistakes.isEmpty { continue }
      let parts = override.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 {
        addParameter(parts[0], parts[1], flow, override, program, &reporter)
      } else if let name = SettingName(rawValue: override.key) {
        if program.trains.isEmpty {
          OverrideTable.report("the file has no `train` section", override, nil, &reporter)
        }
        settings[name] = flow
      } else {
        let owner = program.netOrder.first { net in net.parameters.contains { $0.name.text == override.key } }
        let near =
          owner.map { "\($0.name.text).\(override.key)" }
          ?? closestSpelling(
            of: override.key, among: SettingName.allCases.map(\.rawValue), synonyms: settingSynonyms)
        OverrideTable.report("`train` has no setting `\(override.key)`", override, near, &reporter)
      }
    }
  }

  private mutating func addParameter(
    _ net: String, _ parameter: String, _ flow: FlowSyntax, _ override: SettingOverride, _ program: Program,
    _ reporter: inout Reporter
  ) {
    guard let node = program.nets[net] else {
      let near = closestSpelling(of: net, among: program.nets.keys.sorted()).map { "\($0).\(parameter)" }
      return OverrideTable.report("the file has no net `\(net)`", override, near, &reporter)
    }
    guard node.parameters.contains(where: { $0.name.text == parameter }) else {
      let near = closestSpelling(of: parameter, among: node.parameters.map(\.name.text)).map { "\(net).\($0)" }
      return OverrideTable.report("\(net) has no parameter `\(parameter)`", override, near, &reporter)
    }
    parameters[net, default: [:]][parameter] = flow
  }

  private static func report(
    _ message: String, _ override: SettingOverride, _ near: String?, _ reporter: inout Reporter
  ) {
    let file = SourceFile(path: "--set", text: "\(override.key)=\(override.value)")
    let hint = near.map { "; did you mean `\($0)`?" } ?? ""
    reporter.report(
      Diagnostic(
        .unknownOverride, message + hint, at: file.span(0, override.key.utf8.count)))
  }
}
