import Formatting
import Source
import Syntax

extension Workspace {
  /// The answer to a request.
  func answer(_ method: String, _ parameters: JSON) throws(LanguageServer.RequestError) -> JSON {
    switch method {
    case "textDocument/hover": try hover(at: try cursor(parameters))
    case "textDocument/completion": completions(at: try cursor(parameters))
    case "textDocument/definition": definition(at: try cursor(parameters))
    case "textDocument/references": references(at: try cursor(parameters), parameters)
    case "textDocument/documentHighlight": highlights(at: try cursor(parameters))
    case "textDocument/prepareRename": prepareRename(at: try cursor(parameters))
    case "textDocument/rename": try rename(at: try cursor(parameters), to: parameters["newName"]?.string ?? "")
    case "textDocument/documentSymbol": outline(try document(parameters))
    case "textDocument/formatting": formatting(try document(parameters))
    case "textDocument/codeAction": codeActions(parameters, try document(parameters))
    case "textDocument/inlayHint": inlayHints(parameters, try document(parameters))
    default:
      throw LanguageServer.RequestError(
        code: LanguageServer.RequestError.methodNotFound, message: "there is no method `\(method)`")
    }
  }

  /// A place in an open file.
  struct Cursor {
    var document: Document
    var analysis: Analysis
    var offset: Int
  }

  private func document(_ parameters: JSON) throws(LanguageServer.RequestError) -> Document {
    guard let uri = parameters["textDocument"]?["uri"]?.string, let document = documents[uri] else {
      throw LanguageServer.RequestError(
        code: LanguageServer.RequestError.invalidParameters, message: "the document is not open")
    }
    return document
  }

  private func cursor(_ parameters: JSON) throws(LanguageServer.RequestError) -> Cursor {
    let document = try document(parameters)
    guard let position = TextPosition(parameters["position"]) else {
      throw LanguageServer.RequestError(
        code: LanguageServer.RequestError.invalidParameters, message: "there is no position")
    }
    return Cursor(
      document: document, analysis: analysis(of: document), offset: document.file.offset(at: position))
  }

  /// The edit that formats the file: what differs between the first and the last line that do.
  private func formatting(_ document: Document) -> JSON {
    let file = document.file
    guard case .formatted(let text) = format(file) else { return .array([]) }
    let new = Array(text.utf8)
    let shorter = min(new.count, file.bytes.count)
    var start = 0
    while start < shorter, new[start] == file.bytes[start] { start += 1 }
    while start > 0, file.bytes[start - 1] != 0x0A { start -= 1 }
    var tail = 0
    while tail < shorter - start, new[new.count - 1 - tail] == file.bytes[file.bytes.count - 1 - tail] { tail += 1 }
    // Never through a scalar, and not between \r and \n.
    while tail > 0, file.bytes[file.bytes.count - tail] & 0xC0 == 0x80 || file.bytes[file.bytes.count - tail] == 0x0A {
      tail -= 1
    }
    if start == file.bytes.count, start == new.count { return .array([]) }
    let span = file.span(start, file.bytes.count - tail)
    let replacement = String(decoding: new[start..<(new.count - tail)], as: UTF8.self)
    if span.start == span.end, replacement.isEmpty { return .array([]) }
    return .array([.object([("range", span.range), ("newText", .string(replacement))])])
  }

  /// The shape after every stage in a range.
  private func inlayHints(_ parameters: JSON, _ document: Document) -> JSON {
    let analysis = analysis(of: document)
    let first = TextPosition(parameters["range"]?["start"]).map(document.file.offset) ?? 0
    let last = TextPosition(parameters["range"]?["end"]).map(document.file.offset) ?? document.file.bytes.count
    var hints: [JSON] = []
    for use in analysis.names.stages.sorted(by: { $0.span.end < $1.span.end })
    where use.span.end >= first && use.span.end <= last {
      guard let stage = analysis.stage(at: use.span), let type = stage.type else { continue }
      // What a group on one line makes stands behind its last stage already.
      if stage.kind == .compound, use.span.line == use.span.lastLine { continue }
      let more = stage.differing > 0 ? " …" : ""
      var fields: [(String, JSON)] = [
        ("position", document.file.position(at: use.span.end).json), ("label", .string("\(type)\(more)")),
        ("kind", .integer(1)), ("paddingLeft", .bool(true)),
      ]
      if stage.differing > 0 {
        fields.append(("tooltip", .string("the first of \(stage.times) times; \(stage.differing) have other shapes")))
      }
      hints.append(.object(fields))
    }
    return .array(hints)
  }

  /// Nets, blocks and sections with what they hold.
  private func outline(_ document: Document) -> JSON {
    func symbol(_ name: String, _ kind: Int, _ span: SourceSpan, _ selection: SourceSpan, _ children: [JSON] = [])
      -> JSON
    {
      .object([
        ("name", .string(name.isEmpty ? "?" : name)), ("kind", .integer(kind)), ("range", span.range),
        ("selectionRange", selection.range), ("children", .array(children)),
      ])
    }
    let declarations: [JSON] = analysis(of: document).tree.declarations.compactMap { declaration in
      switch declaration {
      case .import: return nil
      case .const(let node): return symbol(node.name.text, 14, node.span, node.name.span)
      case .net(let node):
        let children: [JSON] = node.body.compactMap { statement in
          guard let name = statement.declaredName else { return nil }
          return symbol(name.text, 13, statement.span, name.span)
        }
        return symbol("\(node.kind.rawValue) \(node.name.text)", 5, node.span, node.name.span, children)
      case .train(let node): return symbol("train \(node.net.text)", 12, node.span, node.net.span)
      }
    }
    return .array(declarations)
  }
}

extension StatementSyntax {
  /// The name that the statement declares.
  var declaredName: NameSyntax? {
    switch self {
    case .input(let node): node.name
    case .output(let node): node.name
    case .layer(let node): node.name
    case .binding(let node): node.name
    case .assert: nil
    }
  }
}
