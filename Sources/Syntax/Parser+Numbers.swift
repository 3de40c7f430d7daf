import Source

// Numbers, and what is said of those that are none.
extension Parser {
  /// How many characters a decimal number may have. Longer ones are not numbers that anybody means, and reading them takes more than
  /// linear time.
  static let longestDecimal = 400

  /// The least number above zero that an `f32` holds in full; what is smaller is 0 where it is computed with.
  static let smallestDecimal = Double(Float.leastNormalMagnitude)

  /// Whether a digit other than 0 stands before the exponent.
  static func hasValue(_ digits: String) -> Bool {
    digits.utf8.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }.contains { (0x31...0x39).contains($0) }
  }

  /// `NUMBER [ "epochs" | "epoch" | "steps" | "step" ]`
  mutating func number() -> ExpressionSyntax {
    let literal = here
    let isInteger = kind == .integer
    let text = literal.text
    let digits = text.contains("_") ? text.filter { $0 != "_" } : text
    advance()
    var unit: NumberSyntax.Unit?
    if kind == .name, !token.startsLine {
      switch here.text {
      case "epochs", "epoch": unit = .epochs
      case "steps", "step": unit = .steps
      default: unit = misspeltUnit()
      }
      if unit != nil { advance() }
    }
    let value: NumberSyntax.Value
    if isInteger, let integer = Int(digits) {
      value = .integer(integer)
    } else if !isInteger, digits.utf8.count <= Parser.longestDecimal, let decimal = Double(digits), decimal.isFinite,
      decimal == 0 ? !Parser.hasValue(digits) : decimal >= Parser.smallestDecimal
    {
      value = .decimal(decimal)
    } else {
      numberOutOfRange(literal, isInteger: isInteger)
      return .missing(literal)
    }
    return .number(NumberSyntax(text: text, value: value, unit: unit, span: span(from: literal.start)))
  }

  mutating func numberOutOfRange(_ literal: SourceSpan, isInteger: Bool) {
    let shown = literal.end - literal.start > 40 ? "this number" : "`\(literal.text)`"
    if !isInteger, literal.end - literal.start > Parser.longestDecimal {
      let most = "decimal numbers are read up to \(Parser.longestDecimal) digits, of which about 17 count"
      return report(Diagnostic(.numberOutOfRange, "\(shown) has too many digits: \(most)", at: literal))
    }
    if !isInteger, let value = Double(literal.text.filter { $0 != "_" }), value < 1 {
      let least = "the numbers of tensors, f32, go down to about 1.2e-38"
      return report(
        Diagnostic(
          .numberOutOfRange, "\(shown) is too small: \(least)", at: literal,
          help: [.init("if nothing is meant, write `0`", edits: [.init(literal, "0")], isSure: false)]))
    }
    let limit = isInteger ? "whole numbers go up to \(Int.max)" : "decimal numbers go up to about 1.8e308"
    report(Diagnostic(.numberOutOfRange, "\(shown) is too large: \(limit)", at: literal))
  }

  /// Reports `50%`, where nothing follows the `%` that was passed, and gives what is meant; nil for everything else.
  mutating func percent(_ left: ExpressionSyntax) -> ExpressionSyntax? {
    guard kind == .rightParenthesis || kind == .comma || kind == .newline, case .number(let number) = left,
      number.unit == nil
    else { return nil }
    let written = number.span.extended(to: before)
    let value = number.doubleValue / 100
    report(
      Diagnostic(
        .valueExpected, "a value is expected after `%`, which gives the remainder of a division", at: written,
        help: [.init("\(written.text) is written `\(value)`", edits: [.init(written, "\(value)")])]),
      isGuess: kind == .newline)
    // Whatever reads a name of that value does not fit it if something else was meant.
    if kind == .newline { return .missing(written) }
    return .number(NumberSyntax(text: "\(value)", value: .decimal(value), unit: nil, span: written))
  }
}
