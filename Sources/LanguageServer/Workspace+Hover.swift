import Semantics
import Source
import Syntax
import Vocabulary

extension Workspace {
  func hover(at cursor: Cursor) throws(LanguageServer.RequestError) -> JSON {
    guard let (span, text) = hoverText(at: cursor) else { return .null }
    return .object([
      ("contents", .object([("kind", .string("markdown")), ("value", .string(text))])), ("range", span.range),
    ])
  }

  private func hoverText(at cursor: Cursor) -> (SourceSpan, String)? {
    let (analysis, offset) = (cursor.analysis, cursor.offset)
    if let use = analysis.names.arguments.first(where: { $0.span.touches(offset) }) {
      return (
        use.span, "\(Documentation.line(use.schema))\n\nAn argument of `\(use.word.name)`: \(use.word.documentation)"
      )
    }
    if let use = analysis.names.words.first(where: { $0.span.touches(offset) }) {
      return (use.span, Documentation.paragraphs(Documentation.markdown(use.word), shape(use.stage, analysis)))
    }
    if let use = analysis.names.tiedUses.first(where: { $0.span.touches(offset) }) {
      let text = Documentation.code("\(use.layer.name).\(use.span.text)") + use.word.documentation(ofUse: use.span.text)
      return (use.span, Documentation.paragraphs(text, shape(use.stage, analysis)))
    }
    if let found = analysis.names.occurrence(at: offset) {
      let stage = analysis.names.stages.first { $0.places.contains(found.span) }?.span
      return (found.span, Documentation.paragraphs(describe(found.symbol, analysis), shape(stage, analysis)))
    }
    if let setting = analysis.names.settings.first(where: { $0.touches(offset) }),
      let known = SettingName(rawValue: setting.text)
    {
      return (setting, Documentation.code("\(known.rawValue) = …") + known.documentation)
    }
    guard
      let token = tokens(of: analysis.file).first(where: { $0.start <= offset && offset <= $0.end && $0.kind != .end })
    else { return nil }
    let span = analysis.file.span(token.start, token.end)
    if token.kind == .arrow || token.kind == .leftBrace || token.kind == .rightBrace {
      guard let stage = analysis.names.stages.first(where: { $0.span.end == token.end })?.span else { return nil }
      let text = shape(stage, analysis)
      return text.isEmpty ? nil : (span, text)
    }
    return (Documentation.keyword(token.kind) ?? Documentation.element(span.text)).map { (span, $0) }
  }

  /// What a declared name is, and its value or shape.
  private func describe(_ symbol: Symbol, _ analysis: Analysis) -> String {
    let known = analysis.name(at: symbol.declaration)
    switch symbol.kind {
    case .net, .block:
      guard let net = analysis.names.nets[symbol.name] else {
        return Documentation.code("\(symbol.kind.rawValue) \(symbol.name)")
      }
      return Documentation.code(Self.header(net)) + Self.comment(above: net.span)
    case .label: return Documentation.code("\(symbol.declaration.text):")
    case .layer:
      for case .layer(let node) in symbol.owner?.body ?? [] where node.name.span == symbol.declaration {
        return Documentation.code(node.span.text)
      }
      return Documentation.code("layer \(symbol.name)")
    default:
      let separator = known?.isTensor == true ? ": " : " = "
      let value = known?.text.map { separator + $0 } ?? ""
      return Documentation.code("\(symbol.kind.rawValue) \(symbol.name)\(value)")
    }
  }

  /// The shape after a stage, its weights and multiply-adds; empty when nothing is known.
  private func shape(_ span: SourceSpan?, _ analysis: Analysis) -> String {
    guard let span, let stage = analysis.stage(at: span), let type = stage.type else { return "" }
    var facts = ["`\(type)`"]
    if stage.parameterCount > 0 { facts.append("\(Self.grouped(stage.parameterCount)) parameters") }
    if stage.multiplyAdds > 0 { facts.append("\(Self.grouped(stage.multiplyAdds)) multiply-adds") }
    if !stage.path.isEmpty { facts.append("path `\(stage.path)`") }
    var text = facts.joined(separator: ", ")
    if stage.differing > 0 { text += "\n\nThe first of \(stage.times) times; \(stage.differing) have other shapes." }
    return text
  }

  /// `block basic(channels, stride = 1)` as it is written.
  private static func header(_ net: NetSyntax) -> String {
    let end = net.parentheses ?? net.name.span
    return net.span.file.span(net.span.start, end.end).text
  }

  /// The comment lines directly above a declaration.
  private static func comment(above span: SourceSpan) -> String {
    var lines: [String] = []
    var number = span.line - 1
    while number >= 1 {
      let range = span.file.lineRange(number)
      let line = span.file.span(range.lowerBound, range.upperBound).text
      guard line.hasPrefix("#") else { break }
      lines.insert(String(line.drop { $0 == "#" || $0 == " " }), at: 0)
      number -= 1
    }
    return lines.joined(separator: "\n")
  }

  /// `61,100,840`.
  private static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: position))
      position -= 3
    }
    return digits
  }
}
