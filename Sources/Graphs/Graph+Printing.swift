extension Graph: CustomStringConvertible {
  /// One line per node: `%4 = conv2d(%0, %2) stride=[1, 1] : f32[32, 64, 8, 8]   # conv1, line 6, forward`.
  package var description: String {
    var lines: [String] = []
    for (index, node) in nodes.enumerated() {
      let head: String
      switch node.kind {
      case .feed(let feed): head = "\(feed.role.rawValue) \(feed.name)"
      case .variable(let variable): head = "\(variable.role.rawValue) \(variable.name)"
      case .constant(let value): head = "constant \(value)"
      case .op(let op):
        let attributes = op.attributes.map { " \($0.name)=\($0.value)" }.joined()
        head = "\(op.name)(\(node.operands.map(\.description).joined(separator: ", ")))\(attributes)"
      }
      var line = "%\(index) = \(head) : \(node.type)"
      if !node.origin.path.isEmpty || node.origin.line > 0 {
        let place = node.origin.line > 0 ? ", line \(node.origin.line)" : ""
        line += "   # \(node.origin.path)\(place), \(node.origin.phase.rawValue)"
      }
      lines.append(line)
    }
    for output in outputs { lines.append("output \(output.name) = \(output.value)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Op {
  /// The op's stored properties, for printing; without those that say nothing.
  package var attributes: [(name: String, value: String)] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let label = child.label else { return nil }
      let mirror = Mirror(reflecting: child.value)
      let value =
        mirror.displayStyle == .optional ? mirror.children.first.map { "\($0.value)" } ?? "" : "\(child.value)"
      return value.isEmpty ? nil : (label, value)
    }
  }
}
