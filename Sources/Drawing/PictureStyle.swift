import Semantics
import Vocabulary

/// Sizes, texts and colours of a picture.
enum PictureStyle {
  static let shapeSize = 10.5
  static let rowHeight = 26.0
  static let lightHeight = 18.0
  static let operationSize = 22.0

  /// The family of a word: its box has the family's colour.
  enum Family: String, CaseIterable {
    case product, convolution, recurrent, attention, table, pooling, norm, activation, dropout, form

    /// Fill and edge: readable with dark text, on a light page and on a dark one.
    var colours: (fill: String, edge: String) {
      switch self {
      case .product: ("#d9cdf2", "#8061c0")
      case .convolution: ("#bfd8f7", "#3c78bf")
      case .recurrent: ("#bfe8e0", "#2c8f80")
      case .attention: ("#f7c9c4", "#c9574b")
      case .table: ("#f3cfe3", "#b8528d")
      case .pooling: ("#c9e7c5", "#4d9a45")
      case .norm: ("#fbe3b8", "#cf962a")
      case .activation: ("#fbf3b4", "#b5a420")
      case .dropout: ("#e3e6ea", "#8c96a1")
      case .form: ("#dfe8ee", "#7a91a3")
      }
    }
  }

  static func family(of word: String) -> Family {
    switch word {
    case "conv", "conv_transpose", "upsample": .convolution
    case "linear", "parameter": .product
    case "lstm", "gru", "rnn": .recurrent
    case "attention": .attention
    case "embedding", "sinusoid", "shift_right", "relative_bias": .table
    case _ where word.hasSuffix("pool") || ["max", "mean", "sum", "take"].contains(word): .pooling
    case _ where word.hasSuffix("norm"): .norm
    case "dropout": .dropout
    case "flatten", "reshape", "transpose", "pad", "slice": .form
    default: .activation
    }
  }

  /// The size of the boxes of nodes that stand below each other.
  static func size(of nodes: [Int], _ picture: Picture) -> (width: Double, height: Double) {
    switch picture.nodes[nodes[0]].kind {
    case .operation(let symbol):
      let width = symbol.count == 1 ? operationSize : width(of: symbol, size: 11) + 16
      return (width, operationSize)
    case .input(let name), .output(let name): return (width(of: name, size: 13) + 20, 22)
    case .layer:
      let widths = nodes.map { node in
        let (label, text) = texts(of: picture.nodes[node])
        return width(of: text, size: 12) + (label.isEmpty ? 0 : width(of: label, size: 11) + 8) + 22
      }
      let height = nodes.reduce(0) { $0 + rowHeight(of: picture.nodes[$1], isFirst: $1 == nodes[0]) }
      return (max(84, widths.max() ?? 0), height)
    }
  }

  static func rowHeight(of node: LayerGraph.Node, isFirst: Bool) -> Double {
    node.isLight && !isFirst ? lightHeight : rowHeight
  }

  /// The label of a layer, if the user gave it one, and what it is.
  static func texts(of node: LayerGraph.Node) -> (label: String, text: String) {
    guard case .layer(let word) = node.kind else { return ("", "") }
    let label = node.path.last.map { $0.allSatisfy(\.isNumber) || $0 == word ? "" : $0 } ?? ""
    let readable = word.split(separator: "_").joined(separator: " ")
    return (label, node.detail.isEmpty ? readable : "\(readable) \(node.detail)")
  }

  /// `128×28×28, 256×14×14, 512×7×7`: one for each repetition that a picture shows once.
  static func text(of types: [ExampleType]) -> String {
    let texts = types.map { text(of: $0) }
    return texts.count > 3 ? "\(texts[0]) … \(texts[texts.count - 1])" : texts.joined(separator: ", ")
  }

  /// `64×56×56`; what is no number says so.
  static func text(of type: ExampleType) -> String {
    let sizes = type.shape.map(String.init).joined(separator: "×")
    switch type.element {
    case .float32: return sizes.isEmpty ? "1" : sizes
    case .bool: return "bool" + (sizes.isEmpty ? "" : " " + sizes)
    case .index(let count): return "index(\(count))" + (sizes.isEmpty ? "" : " × " + sizes)
    }
  }

  /// About how wide a text is: widths of Helvetica in units of a thousandth of the size.
  static func width(of text: String, size: Double) -> Double {
    let units = text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar {
      case "i", "j", "l", ".", ",", ":", "'", "|", "I": sum + 250
      case "f", "t", "r", " ", "(", ")", "/", "[", "]": sum + 310
      case "m", "w", "M", "W": sum + 840
      case "…": sum + 1000
      case "A"..."Z", "×", "−": sum + 680
      default: sum + 560
      }
    }
    // Fonts that stand in for it are wider.
    return Double(units) * size / 900
  }
}
