import Source

extension TextReader.Reply {
  /// One line for people: the five likeliest classes, or the text, which a language model's goes on from the given one.
  var line: String {
    switch content {
    case .classes(let shares):
      order(shares).prefix(5).map { "\($0) \(NumberFormat.fixed(shares[$0], 4))" }.joined(separator: "  ")
    case .continuation(let text): input + text
    case .answer(let text): text
    }
  }

  var json: JSON {
    switch content {
    case .classes(let shares):
      let best = order(shares).first ?? 0
      return .object([
        ("input", .string(input)), ("class", .string(String(best))),
        ("probability", .number(shares.isEmpty ? 0 : shares[best])),
        ("probabilities", .object(shares.enumerated().map { (String($0), .number($1)) })),
      ])
    case .continuation(let text): return .object([("prompt", .string(input)), ("continuation", .string(text))])
    case .answer(let text): return .object([("input", .string(input)), ("answer", .string(text))])
    }
  }

  /// The titles of the columns of a table.
  var titles: [String] {
    switch content {
    case .classes(let shares): ["input", "class", "probability"] + shares.indices.map(String.init)
    case .continuation: ["prompt", "continuation"]
    case .answer: ["input", "answer"]
    }
  }

  /// A row of the table.
  var fields: [String] {
    switch content {
    case .classes(let shares):
      let best = order(shares).first ?? 0
      return [input, String(best), shares.isEmpty ? "" : shares[best].description] + shares.map(\.description)
    case .continuation(let text), .answer(let text): return [input, text]
    }
  }

  /// The classes, the likeliest first, of equals the first.
  private func order(_ shares: [Double]) -> [Int] {
    shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }
  }
}
