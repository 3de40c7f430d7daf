import Semantics

extension Picture {
  /// The picture for graphviz: `dot -Tpdf`.
  package var dot: String {
    var lines = [
      "digraph \(quoted(title)) {",
      "  graph [label=\(quoted(title + "\n" + subtitle)), labelloc=t, fontname=\"Helvetica\", compound=true, nodesep=0.35, ranksep=0.35];",
      "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, margin=\"0.12,0.05\"];",
      "  edge [color=\"#7d8894\", fontcolor=\"#808b96\", fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];",
    ]
    var clusters = 0
    add(root, indent: "  ", &lines, &clusters)
    let shown = Set(root.nodes)
    for node in shown.sorted() {
      for edge in nodes[node].inputs where shown.contains(edge.source) {
        let style = edge.isMain ? "" : ", style=dashed, constraint=false"
        lines.append(
          "  n\(edge.source) -> n\(node) [label=\(quoted(PictureStyle.text(of: types(of: edge.source))))\(style)];")
      }
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private func add(_ group: Group, indent: String, _ lines: inout [String], _ clusters: inout Int) {
    for child in group.children {
      switch child {
      case .stack(let members):
        for id in members { lines.append(indent + "n\(id) [\(attributes(nodes[id]))];") }
      case .group(let inner):
        let label = inner.title + (inner.count > 1 ? " ×\(inner.count)" : "")
        lines.append(indent + "subgraph cluster_\(clusters) {")
        lines.append(
          indent
            + "  label=\(quoted(label)); labeljust=l; style=\"rounded,filled\"; color=\"#8896a5\"; fillcolor=\"#8896a51a\";"
        )
        clusters += 1
        add(inner, indent: indent + "  ", &lines, &clusters)
        lines.append(indent + "}")
      }
    }
  }

  private func attributes(_ node: LayerGraph.Node) -> String {
    switch node.kind {
    case .input(let name), .output(let name): return "label=\(quoted(name)), shape=plaintext, style=\"\""
    case .operation(let symbol): return "label=\(quoted(symbol)), fillcolor=white, shape=ellipse, margin=0"
    case .layer(let word):
      let (label, text) = PictureStyle.texts(of: node)
      let colours = PictureStyle.family(of: word).colours
      let whole = label.isEmpty ? text : "\(label)\n\(text)"
      return "label=\(quoted(whole)), fillcolor=\"\(colours.fill)\", color=\"\(colours.edge)\""
    }
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}
