import Semantics
import Source
import Syntax

extension Compilation {
  /// The tree of the file: a line for each node with its lines and columns, indented below its parent.
  package var syntaxDump: String {
    let (tree, _) = parse(file)
    var lines: [String] = []
    for declaration in tree.declarations { describe(declaration, label: nil, depth: 0, into: &lines) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The file with the `train` section of `model` written out in full, every default and override included, and without
  /// the sections of other nets.
  package func resolved(_ model: Model) -> String {
    let (tree, _) = parse(file)
    var text = ""
    var position = 0
    for case .train(let section) in tree.declarations {
      text += String(decoding: file.bytes[position..<max(position, section.span.start)], as: UTF8.self)
      position = max(position, section.span.end)
    }
    text += String(decoding: file.bytes[position...], as: UTF8.self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text + "\n" + (model.training == nil ? "" : "\n" + Compilation.section(model))
  }

  private static func section(_ model: Model) -> String {
    let arguments = model.parameters.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
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

  private func describe(_ value: Any, label: String?, depth: Int, into lines: inout [String]) {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      if let content = mirror.children.first { describe(content.value, label: label, depth: depth, into: &lines) }
      return
    }
    if mirror.displayStyle == .collection {
      for child in mirror.children { describe(child.value, label: label, depth: depth, into: &lines) }
      return
    }
    guard let node = value as? any SyntaxNode else { return }
    // A case of an enum of nodes is shown as the node that it holds.
    if mirror.displayStyle == .enum, let content = mirror.children.first, content.value is any SyntaxNode {
      return describe(content.value, label: label, depth: depth, into: &lines)
    }
    var head = String(repeating: "  ", count: depth) + (label.map { $0 + ": " } ?? "")
    head += String(describing: type(of: value)).replacing("Syntax", with: "")
    let plain = mirror.children.compactMap { child -> String? in
      guard let name = child.label, name != "span", !(child.value is any SyntaxNode) else { return nil }
      let kind = Mirror(reflecting: child.value).displayStyle
      if kind == .collection || kind == .optional || kind == .struct && !(child.value is String) { return nil }
      return "\(name)=\(child.value)"
    }
    if !plain.isEmpty { head += " " + plain.joined(separator: " ") }
    lines.append(head + "   # \(node.span.line):\(node.span.column)")
    for child in mirror.children where child.label != "span" {
      describe(child.value, label: child.label, depth: depth + 1, into: &lines)
    }
  }
}
