import Source
import Syntax

/// The functions of compile time.
package enum CompileTimeFunction: String, CaseIterable, Sendable {
  case abs, ceil, floor, max, min, range, sqrt
}

extension Elaborator {
  /// How long a list may be.
  static let listLimit = 100_000

  func evaluate(
    _ function: CompileTimeFunction, _ arguments: ArgumentsSyntax, _ span: SourceSpan, _ frame: Frame
  ) -> Meaning {
    var meanings: [Meaning] = []
    for argument in arguments.arguments {
      if let name = argument.name {
        error(.unknownArgument, "`\(function.rawValue)` has no argument `\(name.text)`", at: name.span, frame)
        return .unknown
      }
      meanings.append(evaluate(argument.value, frame))
    }
    if meanings.contains(where: \.isUnknown) { return .unknown }
    if function == .min || function == .max, meanings.count == 1, case .list(let list) = meanings[0] {
      if list.elements.isEmpty {
        error(.missingArgument, "`\(function.rawValue)` needs numbers, got an empty list", at: span, frame)
        return .unknown
      }
      guard compute(list.count, at: span, frame) else { return .unknown }
      meanings = list.elements
    }
    var numbers: [Number] = []
    for meaning in meanings {
      guard case .number(let number) = meaning else {
        error(
          .argumentKind, "`\(function.rawValue)` needs numbers, got \(meaning.description)", at: span, frame,
          help: tensorFunctionHelp(function.rawValue, meaning, arguments))
        return .unknown
      }
      numbers.append(number)
    }
    let expected: ClosedRange<Int> =
      switch function {
      case .abs, .ceil, .floor, .sqrt: 1...1
      case .min, .max: 1...Int.max
      case .range: 1...2
      }
    guard expected.contains(numbers.count), let first = numbers.first else {
      let takes = expected.upperBound == 1 ? "1 argument" : expected.upperBound == 2 ? "1 or 2 arguments" : "numbers"
      error(
        .missingArgument, "`\(function.rawValue)` takes \(takes), got \(count(numbers.count, "argument"))", at: span,
        frame, help: function == .range ? steppedHelp(numbers, span) : [])
      return .unknown
    }
    switch function {
    case .abs:
      return Number.isLess(first, .integer(0))
        ? calculated(span, frame) { () throws(Number.Failure) in try .negate(first) } : .number(first)
    case .ceil: return calculated(span, frame) { () throws(Number.Failure) in try .ceil(first) }
    case .floor: return calculated(span, frame) { () throws(Number.Failure) in try .floor(first) }
    case .sqrt: return calculated(span, frame) { () throws(Number.Failure) in try .squareRoot(first) }
    case .min: return .number(numbers.dropFirst().reduce(first) { Number.isLess($1, $0) ? $1 : $0 })
    case .max: return .number(numbers.dropFirst().reduce(first) { Number.isLess($0, $1) ? $1 : $0 })
    case .range: return range(numbers, span, frame)
    }
  }

  /// The list that `range(a, b, step)` would be.
  private func steppedHelp(_ numbers: [Number], _ span: SourceSpan) -> [Diagnostic.Help] {
    let wholes = numbers.compactMap(\.whole)
    guard wholes.count == 3, wholes.allSatisfy({ $0.magnitude <= Elaborator.largestArgument }), wholes[2] > 0,
      wholes[0] < wholes[1], (wholes[1] - wholes[0]) / wholes[2] < 16
    else {
      return []
    }
    let list = "[\(stride(from: wholes[0], to: wholes[1], by: wholes[2]).map(String.init).joined(separator: ", "))]"
    return [.init("write `\(list)`", edits: [.init(span, list)], isSure: false)]
  }

  /// `range(b)` from 0 and `range(a, b)` from a, up to but without b.
  private func range(_ bounds: [Number], _ span: SourceSpan, _ frame: Frame) -> Meaning {
    let wholes = bounds.compactMap(\.whole)
    guard wholes.count == bounds.count else {
      error(.size, "`range` needs whole numbers, `\(shortened(span))` has others", at: span, frame)
      return .unknown
    }
    let start = wholes.count == 2 ? wholes[0] : 0
    let end = wholes[wholes.count - 1]
    let (length, overflow) = end.subtractingReportingOverflow(start)
    if overflow || length > Elaborator.listLimit {
      error(.expansion, "a list has at most \(Elaborator.listLimit) elements", at: span, frame)
      return .unknown
    }
    guard compute(max(0, length), at: span, frame) else { return .unknown }
    return .list(ListMeaning(length <= 0 ? [] : (start..<end).map { .number(.integer($0)) }))
  }
}
