import Source

extension RunReport {
  /// The page: one HTML file that needs no other, runs no script and may load nothing.
  package var html: String {
    var sections = [section("Curves", charts.map(\.svg).joined(), id: "curves")]
    if let confusion {
      sections.append(section("Confusion matrix", matrix(confusion), id: "confusion", note: subject))
      sections.append(section("Classes", classTable(confusion), id: "classes", note: subject))
    }
    if !values.isEmpty { sections.append(section("Predicted and true", scatter, id: "values", note: subject)) }
    sections.append(section("Worst examples", gallery, id: "examples", note: subject))
    sections.append(
      section("The net", picture.isEmpty ? "" : "<div class=\"net scroll\">\(picture)</div>", id: "net"))
    sections.append(
      section(
        "Configuration",
        table(facts) + (configuration.isEmpty ? "" : "<pre class=\"scroll\">\(Markup.escaped(configuration))</pre>"),
        id: "configuration"))
    sections.append(section("Timing", table(timing), id: "timing"))
    let links = sections.filter { !$0.html.isEmpty }.map { "<a href=\"#\($0.id)\">\($0.title)</a>" }
    return page(body: sections.map(\.html).joined(), links: "<nav>\(links.joined(separator: " "))</nav>\n")
  }

  /// A page with the title, the conclusion and the figures above `body`.
  func page(body: String, links: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <title>\(Markup.escaped(net))</title>
    <style>
    \(Self.style)</style>
    </head>
    <body>
    <main>
    <h1>\(Markup.escaped(net))</h1>
    <p class="conclusion">\(Markup.escaped(conclusion))</p>
    \(tiles)\(links)\(body)</main>
    </body>
    </html>

    """
  }

  private func section(_ title: String, _ content: String, id: String, note: String = "") -> (
    title: String, id: String, html: String
  ) {
    guard !content.isEmpty else { return (title, id, "") }
    let note = note.isEmpty ? "" : "<p class=\"note\">\(Markup.escaped(note))</p>\n"
    return (title, id, "<section id=\"\(id)\">\n<h2>\(title)</h2>\n\(note)\(content)</section>\n")
  }

  private var tiles: String {
    guard !figures.isEmpty else { return "" }
    let tiles = figures.map {
      "<div><b>\(Markup.escaped($0.value))</b><span>\(Markup.escaped($0.name))</span></div>"
    }
    return "<div class=\"tiles\">\(tiles.joined())</div>\n"
  }

  private func table(_ facts: [Fact]) -> String {
    guard !facts.isEmpty else { return "" }
    let rows = facts.map {
      "<tr><th scope=\"row\">\(Markup.escaped($0.name))</th><td>\(Markup.escaped($0.value))</td></tr>\n"
    }
    return "<div class=\"scroll\"><table class=\"facts\">\n\(rows.joined())</table></div>\n"
  }

  private static let mostTableClasses = 20

  private func matrix(_ confusion: ConfusionMatrix) -> String {
    confusion.names.count <= Self.mostTableClasses ? numbers(confusion) : map(confusion)
  }

  private func numbers(_ confusion: ConfusionMatrix) -> String {
    let heads = confusion.names.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
    var rows = ""
    for (actual, row) in confusion.counts.enumerated() {
      let sum = row.reduce(0, +)
      rows += "<tr><th scope=\"row\">\(Markup.escaped(confusion.names[actual]))</th>"
      for (predicted, count) in row.enumerated() {
        let share = sum == 0 ? 0 : count * 100 / sum
        let colour = actual == predicted ? "0, 158, 115" : "213, 94, 0"
        rows += "<td style=\"background: rgba(\(colour), 0.\(share < 10 ? "0" : "")\(min(share, 99)))\">\(count)</td>"
      }
      rows += "</tr>\n"
    }
    return """
      <div class="scroll"><table class="matrix">
      <tr><th>true \\ predicted</th>\(heads)</tr>
      \(rows)</table></div>

      """
  }

  /// A matrix of so many classes that numbers would not be read: squares, and the most frequent mistakes in words.
  private func map(_ confusion: ConfusionMatrix) -> String {
    let count = confusion.names.count
    let side = max(1, 600 / count)
    var squares = ""
    for (actual, row) in confusion.counts.enumerated() {
      let sum = row.reduce(0, +)
      for (predicted, value) in row.enumerated() where value > 0 {
        let share = value * 100 / max(1, sum)
        squares +=
          "<rect x=\"\(predicted * side)\" y=\"\(actual * side)\" width=\"\(side)\" height=\"\(side)\" fill=\"\(actual == predicted ? "#009e73" : "#d55e00")\" fill-opacity=\"\(Double(max(5, share)) / 100)\"><title>\(Markup.escaped(confusion.names[actual])) taken for \(Markup.escaped(confusion.names[predicted])): \(value)</title></rect>\n"
      }
    }
    let mistakes = confusion.mistakes(limit: 20).map {
      "<li>\(Markup.escaped($0.actual)) taken for \(Markup.escaped($0.predicted)): \($0.count)</li>\n"
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(count * side) \(count * side)" role="img">
      <title>a row for each true class, a column for each predicted one</title>
      <rect width="100%" height="100%" fill="none" stroke="currentColor" stroke-opacity="0.3"/>
      \(squares)</svg>
      <ol>
      \(mistakes.joined())</ol>

      """
  }

  private func classTable(_ confusion: ConfusionMatrix) -> String {
    func written(_ share: Double?) -> String { share.map(Self.share) ?? "-" }
    let rows = confusion.figures.map {
      "<tr><th scope=\"row\">\(Markup.escaped($0.name))</th><td>\(written($0.precision))</td><td>\(written($0.recall))</td>"
        + "<td>\(written($0.f1))</td><td>\($0.examples)</td></tr>\n"
    }
    return """
      <div class="scroll"><table class="classes">
      <tr><th></th><th scope="col">precision</th><th scope="col">recall</th><th scope="col">F1</th><th scope="col">examples</th></tr>
      \(rows.joined())</table></div>

      """
  }

  /// A share with three digits: `0.875`.
  private static func share(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// Each example as a point, and the line where all would lie.
  private var scatter: String {
    let points = values.filter { $0.actual.isFinite && $0.predicted.isFinite }.prefix(2000)
    let axis = Axis(points.flatMap { [$0.actual, $0.predicted] }, ticks: 5)
    func place(_ value: Double) -> Int { Int((40 + axis.share(value) * 340).rounded()) }
    let dots = points.map {
      "<circle cx=\"\(place($0.actual))\" cy=\"\(400 - place($0.predicted))\" r=\"2.5\" fill=\"#0072b2\" fill-opacity=\"0.6\"/>\n"
    }
    let ticks = axis.ticks.map { tick in
      "<text x=\"\(place(tick))\" y=\"376\" text-anchor=\"middle\">\(Axis.label(tick))</text>"
        + "<text x=\"36\" y=\"\(404 - place(tick))\" text-anchor=\"end\">\(Axis.label(tick))</text>\n"
    }
    return """
      <svg class="square" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" font-size="10" fill="currentColor">
      <title>predicted over true values</title>
      <path d="M40 360L380 20" stroke="currentColor" stroke-opacity="0.4"/>
      <path d="M40 20V360H380" fill="none" stroke="currentColor" stroke-opacity="0.4"/>
      \(ticks.joined())<text x="380" y="394" text-anchor="end">true</text><text x="44" y="14">predicted</text>
      \(dots.joined())</svg>

      """
  }

  /// Cards of the examples; nothing where there are none.
  var gallery: String {
    guard !worst.isEmpty else { return "" }
    let cards = worst.map { example in
      let picture = example.picture.map {
        "<img alt=\"\(Markup.escaped(example.text))\" src=\"data:image/png;base64,\(Base64.text($0))\">"
      }
      let lines = example.lines.map { "<span>\(Markup.escaped($0))</span>" }.joined()
      let text = "<small>\(Markup.escaped(example.text))</small>"
      return "<figure>\(picture ?? "")<figcaption>\(lines)\(text)</figcaption></figure>\n"
    }
    return "<div class=\"gallery\">\n\(cards.joined())</div>\n"
  }
}
