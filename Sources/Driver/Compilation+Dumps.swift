import Semantics
import Source
import Syntax

extension Compilation {
  /// The tree of the file.
  package var syntaxDump: String { parse(file).0.dump }

  /// The file with the `train` section of `model` written out in full, every default and override included, and without
  /// the sections of other nets. `path` gives what the section calls a file that the file calls otherwise.
  package func resolved(_ model: Model, path: (String) -> String = { $0 }) -> String {
    let (tree, _) = parse(file)
    var text = ""
    var position = 0
    for case .train(let section) in tree.declarations {
      text += String(decoding: file.bytes[position..<max(position, section.span.start)], as: UTF8.self)
      position = max(position, section.span.end)
    }
    text += String(decoding: file.bytes[position...], as: UTF8.self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    guard model.training != nil else { return text + "\n" }
    return text + "\n\n" + RelocatedPaths(Compilation.section(model), path: path).text
  }

  private static func section(_ model: Model) -> String {
    let arguments = model.parameters.filter { !$0.isCut }.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    var lines = ["train \(model.name)\(arguments.isEmpty ? "" : "(\(arguments))") {"]
    lines += model.targets.map { "  target \($0.name): \($0.type)" }
    let settings = model.training?.resolved ?? []
    let width = settings.map(\.name.count).max() ?? 0
    if !model.targets.isEmpty { lines.append("") }
    for (name, value) in settings {
      lines.append("  \(name)\(String(repeating: " ", count: width - name.count)) = \(value)")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  /// The model for people: what the checker knows of the net, and its settings.
  package func modelDump(_ model: Model) -> String {
    var lines = ["net \(model.name)"]
    lines += model.parameters.map { "parameter \($0.name) = \($0.value)" }
    lines += model.inputs.map { "input \($0.name): \($0.type)" }
    lines += model.targets.map { "target \($0.name): \($0.type)" }
    lines += model.layers.map { layer in
      "layer \(layer.path): \(layer.word) -> \(layer.type)   # line \(layer.line), \(layer.parameterCount) parameters, "
        + "\(layer.multiplyAdds) multiply-adds"
    }
    lines += model.variables.map { "\($0.role.rawValue) \($0.name): f32\($0.shape)" }
    lines += model.outputs.map { "output \($0.name): \($0.type)" }
    lines += (model.training?.resolved ?? []).map { "setting \($0.name) = \($0.value)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
