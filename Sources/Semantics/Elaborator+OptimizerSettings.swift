import Source
import Syntax
import Vocabulary

// Settings that belong into the call of the optimizer.
extension Elaborator {
  /// Reports the settings that are arguments of the section's optimizer, `lr = 1e-3` beside `optimizer = adam`, as one mistake, with the
  /// fix that moves them there; gives the places of their names. Those that the optimizer has already are none of them.
  func optimizerSettings(_ train: TrainSyntax, _ frame: Frame) -> Set<SourceSpan> {
    let settings = train.body.compactMap { if case .setting(let node) = $0 { node } else { nil } }
    guard let optimizer = settings.first(where: { $0.name.text == SettingName.optimizer.rawValue }) else {
      return rateAlone(settings, frame)
    }
    guard let (call, word) = optimizerCall(optimizer) else { return [] }
    let arguments = call.arguments?.arguments ?? []
    let places = word.schema.filter { !$0.isNamedOnly }.prefix(arguments.count { $0.name == nil }).map(\.name)
    var given = Set(arguments.compactMap(\.name?.text) + places)
    var moved: [(setting: BindingSyntax, argument: String)] = []
    for setting in settings where setting.value.stages.isEmpty && !setting.value.head.isMissing {
      guard let argument = argument(setting.name, of: word), given.insert(argument).inserted else { continue }
      moved.append((setting, argument))
    }
    guard let first = moved.first?.setting else { return [] }
    movedArguments[call.path[0].span] = Set(moved.map(\.argument))
    let added = moved.map { "\($0.argument)=\($0.setting.value.span.text)" }.joined(separator: ", ")
    let edit: Diagnostic.Edit =
      switch call.arguments {
      case .some where !arguments.isEmpty:
        .init(arguments[arguments.count - 1].span.after, ", \(added)")
      case let list?: .init(list.span, "(\(added))")
      case nil: .init(call.path[0].span.after, "(\(added))")
      }
    let written = (arguments.map(\.span.text) + [added]).joined(separator: ", ")
    let removed = moved.map { removingLine(of: .init(flow: $0.setting.value, place: $0.setting.name.span)) }
    let names = moved.map { "`\($0.setting.name.text)`" }
    let what =
      moved.count > 1 ? "they belong" : moved[0].argument == "lr" ? "the learning rate belongs" : "\(names[0]) belongs"
    error(
      .unknownSetting,
      "`train` has no setting\(names.count > 1 ? "s" : "") \(listed(names))", at: first.name.span, frame,
      secondary: moved.dropFirst().map { .init($0.setting.name.span, "and this one") },
      help: [
        .init(
          "\(what) to the optimizer: `optimizer = \(word.name)(\(written))`",
          edits: removed.contains { $0.isEmpty } ? [] : [edit] + removed.flatMap { $0 },
          isSure: moved.allSatisfy { isAllOfItsLine($0.setting) })
      ])
    return Set(moved.map(\.setting.name.span))
  }

  /// `lr = 1e-3` in a section without an optimizer: told as that, so that the optimizer is not told to be missing.
  private func rateAlone(_ settings: [BindingSyntax], _ frame: Frame) -> Set<SourceSpan> {
    guard let rate = settings.first(where: { argument($0.name, of: AdamOptimizer.self) == "lr" }) else { return [] }
    let text = "optimizer = adam(lr=\(rate.value.span.text))"
    isOptimizerTold = true
    error(
      .unknownSetting, "`train` has no setting `\(rate.name.text)`", at: rate.name.span, frame,
      help: [
        .init(
          "the learning rate belongs to the optimizer, such as `\(text)`",
          edits: [.init(rate.name.span.extended(to: rate.value.span), text)], isSure: false)
      ])
    return [rate.name.span]
  }

  /// The setting that a section lacks, and that a line with an unknown name can only be, as the word in it shows; nil for others.
  func settingMeant(by node: BindingSyntax, _ train: TrainSyntax) -> SettingName? {
    guard case .call(let call) = node.value.head, call.path.count == 1 else { return nil }
    func isFree(_ name: SettingName) -> Bool {
      !train.body.contains { if case .setting(let other) = $0 { other.name.text == name.rawValue } else { false } }
    }
    let word = call.path[0].text
    if words.losses[word] != nil, isFree(.loss) { return .loss }
    if words.optimizers[word] != nil, isFree(.optimizer) { return .optimizer }
    guard words.sources[word] != nil else { return nil }
    return isFree(.data) ? .data : isFree(.validation) ? .validation : nil
  }

  /// What is said of a setting that the optimizer has as an argument already; nil for others.
  func givenTwice(_ node: BindingSyntax) -> Diagnostic.Help? {
    for case .setting(let setting) in train?.body ?? [] where setting.name.text == SettingName.optimizer.rawValue {
      guard let (call, word) = optimizerCall(setting), let argument = argument(node.name, of: word) else { return nil }
      return .init(
        "`\(argument)` belongs to the optimizer, which has it: `\(shortened(call.span))`",
        edits: removingLine(of: .init(flow: node.value, place: node.name.span)), isSure: false)
    }
    return nil
  }

  private func optimizerCall(_ setting: BindingSyntax) -> (CallSyntax, any OptimizerWord.Type)? {
    guard case .call(let call)? = setting.value.expression, call.path.count == 1,
      let word = words.optimizers[call.path[0].text]
    else { return nil }
    return (call, word)
  }

  /// The argument of an optimizer that the name of a setting stands for, as other languages spell it too: `learningRate`.
  private func argument(_ name: NameSyntax, of word: any OptimizerWord.Type) -> String? {
    if name.isMissing || SettingName(rawValue: name.text) != nil { return nil }
    func plain(_ text: String) -> String { text.lowercased().filter { $0 != "_" } }
    let meant = plain(name.text) == "learningrate" ? "lr" : plain(name.text)
    return word.schema.first { plain($0.name) == meant }?.name
  }

  /// Whether nothing stands behind a setting on its line that would go with it.
  private func isAllOfItsLine(_ node: BindingSyntax) -> Bool {
    let file = node.span.file
    let rest = file.bytes[node.span.end..<file.lineRange(node.span.lastLine).upperBound]
    return rest.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }

  private func listed(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
