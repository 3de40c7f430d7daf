import Foundation
import Testing

/// `docs/grammar.html` draws `grammar/net.ebnf`; `UPDATE_GOLDEN=1` draws it anew.
@Test func theGrammarPageShowsTheGrammar() throws {
  let page = GrammarPage(grammar: try Grammar.ofNetFiles()).html
  let golden = packageRoot.appending(path: "docs/grammar.html")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
    try page.write(to: golden, atomically: true, encoding: .utf8)
  }
  #expect(try String(contentsOf: golden, encoding: .utf8) == page, "UPDATE_GOLDEN=1 draws the page anew")
}

/// The grammar as one self-contained page: a railroad for each rule, with its text.
private struct GrammarPage {
  let grammar: Grammar

  var html: String {
    let linked = Set(grammar.rules.keys)
    var users: [String: [String]] = [:]
    for production in grammar.productions {
      for name in Set(production.rule.references) { users[name, default: []].append(production.name) }
    }
    var result = Self.head
    result += "<p>\(prose(paragraph(grammar.introduction)))</p>\n<nav>\n"
    for section in grammar.sections {
      let links = section.productions.map { "<a href=\"#\($0.name)\">\($0.name)</a>" }
      let title = escaped(section.title)
      result += "<p><b>\(title)</b> \(links.joined(separator: " "))</p>\n"
    }
    result += "</nav>\n"
    for section in grammar.sections {
      result += "<h2>\(escaped(section.title))</h2>\n"
      for production in section.productions {
        let picture = RailroadDiagram.svg(production.rule, title: production.name, linked: linked)
        result +=
          "<section id=\"\(production.name)\">\n<h3>\(production.name)</h3>\n<div class=\"picture\">\(picture)</div>\n"
        result += "<pre>\(escaped(production.text))</pre>\n"
        for remark in production.remarks { result += "<p class=\"remark\">\(prose(paragraph(remark)))</p>\n" }
        if let names = users[production.name] {
          let links = names.map { "<a href=\"#\($0)\">\($0)</a>" }.joined(separator: " ")
          result += "<p class=\"users\">in \(links)</p>\n"
        }
        result += "</section>\n"
      }
      for remark in section.remarks { result += "<p class=\"remark\">\(prose(paragraph(remark)))</p>\n" }
    }
    return result + "</main>\n</html>\n"
  }

  /// Text with what stands between backticks as code.
  private func prose(_ text: String) -> String {
    escaped(text).split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { $0.isMultiple(of: 2) ? String($1) : "<code>\($1)</code>" }.joined()
  }

  /// The lines of a comment as one.
  private func paragraph(_ comment: String) -> String {
    comment.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
  }

  private static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The grammar of .net files</title>
    <style>
    :root { color-scheme: light dark; --ink: #1f2933; --pale: #6b7785; --paper: #ffffff; --literal: #fff3d6;
      --literal-edge: #c98a00; --token: #e3f2e6; --token-edge: #2f8f46; --rule: #e4edfb; --rule-edge: #3b6fc4; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #dde3ea; --pale: #95a1ae; --paper: #14181d; --literal: #3a2f14; --literal-edge: #d9a531;
        --token: #16321e; --token-edge: #58b56f; --rule: #182a45; --rule-edge: #6d9be4; } }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
    h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--pale); }
    h3 { margin: 2rem 0 0.25rem; font: 600 17px ui-monospace, monospace; }
    a { color: var(--rule-edge); }
    nav a, .users a { font: 14px ui-monospace, monospace; margin-left: 0.5em; }
    .picture { overflow-x: auto; }
    svg path { fill: none; stroke: var(--ink); stroke-width: 1.5; }
    svg path.back { fill: var(--ink); stroke: none; }
    svg rect { stroke-width: 1.5; }
    svg text { fill: var(--ink); font: 13.5px ui-monospace, "DejaVu Sans Mono", monospace; text-anchor: middle; }
    .literal rect { fill: var(--literal); stroke: var(--literal-edge); }
    .token rect { fill: var(--token); stroke: var(--token-edge); }
    .rule rect { fill: var(--rule); stroke: var(--rule-edge); }
    pre { margin: 0.25rem 0; font: 13.5px/1.45 ui-monospace, monospace; color: var(--pale); overflow-x: auto; }
    .remark { margin: 0.25rem 0; } .users { margin: 0; color: var(--pale); font-size: 14px; }
    </style>
    <main>
    <h1>The grammar of <code>.net</code> files</h1>
    <p>Drawn from <code>grammar/net.ebnf</code>, which is the norm. Every way along the lines from left to right is a sentence:
    <b>yellow</b> stands in the file as it is, <b>green</b> is a token, <b>blue</b> is another rule.</p>

    """
}
