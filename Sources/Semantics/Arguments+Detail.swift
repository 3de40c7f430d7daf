import Vocabulary

extension Arguments {
  /// What distinguishes a layer in a picture, by the names that such arguments have: `3×3 /2`, `8 heads`.
  var detail: String {
    var parts: [String] = []
    func pair(_ name: String) -> String? {
      if let whole = whole(name) { return "\(whole)×\(whole)" }
      guard let sizes = numbers(name), !sizes.isEmpty else { return nil }
      return sizes.map { String(Int($0)) }.joined(separator: "×")
    }
    if let kernel = pair("kernel") { parts.append(kernel) }
    if let stride = whole("stride"), stride > 1 { parts.append("/\(stride)") }
    if let dilation = whole("dilation"), dilation > 1 { parts.append("dilated \(dilation)") }
    if let groups = whole("groups"), groups > 1 { parts.append("\(groups) groups") }
    if let heads = whole("heads") { parts.append("\(heads) heads") }
    if flag("bidirectional", else: false) { parts.append("bidirectional") }
    if flag("causal", else: false) { parts.append("causal") }
    if let probability = number("p"), probability > 0 { parts.append("\(probability)") }
    return parts.joined(separator: " ")
  }
}
