import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// The settings that are plain values.
  func others(
    _ table: SettingTable, _ frame: Frame
  ) -> (accumulate: Int, weights: PretrainedSettings?, freeze: [String], isPrecise: Bool, skipsBadRows: Bool) {
    var accumulate = 1
    if let entry = table.given(.accumulate) {
      let meaning = evaluate(entry.flow, frame)
      accumulate = whole(meaning, "`accumulate`", atLeast: 1, at: entry.flow.span, frame) ?? 1
      if accumulate > Elaborator.largestArgument {
        error(.settingValue, "`accumulate` is too large: \(accumulate); the limit is 2^30", at: entry.flow.span, frame)
        accumulate = 1
      }
    }
    let weights = table.given(.weights).flatMap { pretrained($0, frame) }
    let freeze = table.given(.freeze).map { frozen($0, frame) } ?? []
    if let entry = table.given(.precision), choice(.precision, ["f32", "bf16"], entry, frame) == "bf16" {
      error(.notSupported, "`precision = bf16` is not supported yet", at: entry.flow.span, frame)
    }
    let skipsBadRows = table.given(.onBad).flatMap { choice(.onBad, ["error", "skip"], $0, frame) } == "skip"
    var isPrecise = false
    if let entry = table.given(.precise) {
      switch evaluate(entry.flow, frame) {
      case .flag(let flag): isPrecise = flag
      case .unknown: break
      case let other: wrong(.precise, "`true` or `false`", other, entry, frame)
      }
    }
    return (accumulate, weights, freeze, isPrecise, skipsBadRows)
  }

  /// `weights = "w.safetensors"` or `weights = pretrained("w.safetensors", new=[fc])`; nil after a mistake.
  private func pretrained(_ entry: SettingTable.Entry, _ frame: Frame) -> PretrainedSettings? {
    if case .call(let call)? = entry.flow.expression, call.path[0].text == PretrainedRule.name {
      guard
        let (_, bound, place) = word(
          entry.flow, [PretrainedRule.name: PretrainedRule.self], "rule", .settingValue, frame)
      else { return nil }
      let settings = PretrainedRule.settings(bound.arguments)
      let known = parameterPaths
      for path in settings.new { checkPath(path, at: bound.spans["new"] ?? place, known, frame) }
      return settings
    }
    switch evaluate(entry.flow, frame) {
    case .text(let text): return PretrainedSettings(file: text)
    case .unknown: return nil
    case let other:
      wrong(.weights, "a string or `pretrained(…)`", other, entry, frame)
      return nil
    }
  }

  /// Every path that a parameter is under.
  private var parameterPaths: Set<String> {
    Set(site.variables.lazy.filter { $0.variable.role == .parameter }.flatMap { [self] in prefixes($0.variable.name) })
  }

  /// Whether something else than the settings has an error, behind which the net may have parameters that are not known.
  private var isNetInDoubt: Bool {
    func isElsewhere(_ span: SourceSpan) -> Bool {
      func holds(_ other: SourceSpan) -> Bool {
        other.file == span.file && other.start <= span.start && span.end <= other.end
      }
      if let net, holds(net.span) { return false }
      return program.trains.contains { holds($0.span) }
        || program.netOrder.contains { $0.kind == .net && holds($0.span) }
    }
    return reporter.diagnostics.contains { $0.severity == .error && !isElsewhere($0.span) }
  }

  /// Reports a path that no parameter is under.
  private func checkPath(_ path: String, at span: SourceSpan, _ known: Set<String>, _ frame: Frame) {
    if known.isEmpty || known.contains(path) { return }
    if isNetInDoubt { return reporter.suppress() }
    func near() -> String {
      closestSpelling(of: path, among: known.sorted()).map { "; did you mean `\($0)`?" } ?? ""
    }
    func listed() -> String {
      var tops: [String] = []
      for (variable, _, _) in site.variables where variable.role == .parameter {
        if let top = prefixes(variable.name).first, tops.last != top { tops.append(top) }
      }
      return tops.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (tops.count > 8 ? ", …" : "")
    }
    error(
      .settingValue, "no parameter of the net is under `\(path)`\(near())", at: span, frame,
      help: [.init("its layers with weights are \(listed())")])
  }

  /// `freeze = features` or `freeze = [features, "layer1.0"]`: paths that have parameters.
  private func frozen(_ entry: SettingTable.Entry, _ frame: Frame) -> [String] {
    var flows = [entry.flow]
    if case .list(let list)? = entry.flow.expression { flows = list.elements }
    let parameters = site.variables.lazy.filter { $0.variable.role == .parameter }.map(\.variable.name)
    var paths: [String] = []
    let known = parameterPaths
    for flow in flows {
      let path: String
      switch flow.expression {
      case .call(let call)? where call.arguments == nil: path = call.pathText
      case .string(let string)?: path = string.value
      default:
        wrong(.freeze, "a path of labels, or a list of them", evaluate(flow, frame), entry, frame)
        continue
      }
      paths.append(path)
      checkPath(path, at: flow.span, known, frame)
    }
    let frozen = Set(paths)
    if !parameters.isEmpty, parameters.allSatisfy({ !frozen.isDisjoint(with: prefixes($0)) }), !isNetInDoubt {
      error(.settingValue, "`freeze` leaves no parameter to train", at: entry.flow.span, frame)
    }
    return paths
  }

  /// `layer1`, `layer1.0`, `layer1.0.weight`.
  private func prefixes(_ name: String) -> [String] {
    let parts = name.split(separator: ".")
    return parts.indices.map { parts[...$0].joined(separator: ".") }
  }

  /// A setting that is one of a few words; nil after a mistake.
  private func choice(
    _ name: SettingName, _ choices: [String], _ entry: SettingTable.Entry, _ frame: Frame
  ) -> String? {
    let known = choices.map { "`\($0)`" }.joined(separator: " or ")
    guard let word = entry.flow.expression?.bareCall else {
      wrong(name, known, evaluate(entry.flow, frame), entry, frame)
      return nil
    }
    if choices.contains(word.text) { return word.text }
    let near = suggestion(for: word, among: choices)
    error(
      .settingValue, "`\(name.rawValue)` must be \(known), got `\(word.text)`\(near.text)", at: word.span, frame,
      help: near.help)
    return nil
  }

  private func wrong(
    _ name: SettingName, _ expected: String, _ found: Meaning, _ entry: SettingTable.Entry, _ frame: Frame
  ) {
    if found.isUnknown { return }
    error(
      .settingValue, "`\(name.rawValue)` must be \(expected), got \(found.description)", at: entry.flow.span, frame)
  }

  /// Every setting as text, with the defaults of those that were left out.
  func resolved(_ table: SettingTable) -> [(name: String, value: String)] {
    SettingName.allCases.compactMap { name in
      if let entry = table[name] { return (name.rawValue, oneLine(entry.flow.span)) }
      return name.standard.map { (name.rawValue, $0) }
    }
  }

  /// The text of a span without its comments and line ends.
  private func oneLine(_ span: SourceSpan) -> String {
    var text = ""
    var position = span.start
    for comment in program.comments
    where comment.span.file == span.file && comment.span.start >= span.start && comment.span.end <= span.end {
      text += span.file.span(position, comment.span.start).text
      position = comment.span.end
    }
    text += span.file.span(position, span.end).text
    return text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
  }
}

/// Whether a parameter is the one called `path`, or stands under it.
package func isPath(_ path: String, of name: String) -> Bool { name == path || name.hasPrefix(path + ".") }

extension SettingName {
  /// What the setting is when it is left out; nil where it then is not there.
  var standard: String? {
    switch self {
    case .validation: "none"
    case .schedule: "constant"
    case .batch: "32"
    case .seed: "0"
    default: nil
    }
  }
}
