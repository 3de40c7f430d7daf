/// Checks that every element of an XML text is closed in order, that attributes stand in quotes, and that `&` starts an entity.
enum MarkupReader {
  /// What is wrong; nil in a well-formed text. Elements in `empty` have no end, as HTML's.
  static func mistake(in text: String, empty: Set<String> = []) -> String? {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      let following = rest[rest.index(after: start)...]
      if rest[start] == "&" {
        guard let end = following.firstIndex(of: ";"), ["amp", "lt", "gt", "quot", "#39"].contains(following[..<end])
        else { return "a bare & before \(following.prefix(30))" }
        rest = following[end...].dropFirst()
        continue
      }
      guard let end = following.firstIndex(of: ">") else { return "a tag without an end: \(following.prefix(30))" }
      let tag = following[..<end]
      rest = following[end...].dropFirst()
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), last == tag.dropFirst() else { return "</\(tag.dropFirst())> closes another" }
        continue
      }
      guard tag.filter({ $0 == "\"" }).count % 2 == 0, !tag.contains("<") else { return "quotes in <\(tag)>" }
      let name = tag.prefix { $0 != " " && $0 != "/" && $0 != "\n" }
      guard let first = name.first, first.isLetter else { return "<\(tag)> is no element" }
      if !tag.hasSuffix("/"), !empty.contains(String(name)) { open.append(name) }
    }
    return open.isEmpty ? nil : "<\(open[open.count - 1])> has no end"
  }
}
