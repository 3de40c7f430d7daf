import Source
import Syntax
import Testing

/// Precedence and grouping, as the specification has them: those of Python, but for comparisons, which are not chained.
@Suite struct ExpressionTests {
  /// The expression with brackets around every operation.
  private func grouped(_ text: String) -> String {
    let (flow, diagnostics) = parseExpression(text, name: "test")
    return diagnostics.isEmpty ? grouped(flow) : diagnostics.map(\.code).joined(separator: " ")
  }

  private func grouped(_ flow: FlowSyntax) -> String {
    ([grouped(flow.head)] + flow.stages.map(\.span.text)).joined(separator: " -> ")
  }

  private func grouped(_ expression: ExpressionSyntax) -> String {
    switch expression {
    case .unary(let unary): "(\(unary.operator.rawValue) \(grouped(unary.operand)))"
    case .binary(let binary): "(\(grouped(binary.left)) \(binary.operator.rawValue) \(grouped(binary.right)))"
    case .conditional(let node): "(\(grouped(node.condition)) ? \(grouped(node.then)) : \(grouped(node.otherwise)))"
    case .parenthesized(let node): grouped(node.flow)
    case .tuple(let tuple): "<" + tuple.elements.map { grouped($0) }.joined(separator: ", ") + ">"
    case .list(let list): "[" + list.elements.map { grouped($0) }.joined(separator: ", ") + "]"
    case .missing: "missing"
    default: expression.span.text
    }
  }

  @Test(arguments: [
    ("1 + 2 * 3", "(1 + (2 * 3))"), ("1 - 2 - 3", "((1 - 2) - 3)"), ("(1 - (2 - 3))", "(1 - (2 - 3))"),
    ("a / b // c % d", "(((a / b) // c) % d)"), ("2 ** 3 ** 2", "(2 ** (3 ** 2))"), ("-2 ** 2", "(- (2 ** 2))"),
    ("2 ** -1", "(2 ** (- 1))"), ("-a * b", "((- a) * b)"), ("a - -b", "(a - (- b))"), ("--a", "(- (- a))"),
    ("not a == b", "(not (a == b))"), ("not not a", "(not (not a))"), ("a or b and not c", "(a or (b and (not c)))"),
    ("a and b or c", "((a and b) or c)"), ("a < b and b < c", "((a < b) and (b < c))"),
    ("a + 1 >= b * 2", "((a + 1) >= (b * 2))"), ("d ** -0.5 * x", "((d ** (- 0.5)) * x)"),
    ("if a then b else c + 1", "(a ? b : (c + 1))"), ("if a then b else if c then d else e", "(a ? b : (c ? d : e))"),
    ("main + skip -> relu", "(main + skip) -> relu"), ("(1, 2 + 3)", "<1, (2 + 3)>"), ("[]", "[]"),
    ("[1, (2, 3),]", "[1, <2, 3>]"), ("(\n1\n+\n2)", "(1 + 2)"), ("a\n-> b", "a -> b"),
  ])
  func grouping(_ text: String, _ expected: String) {
    #expect(grouped(text) == expected)
  }

  @Test(arguments: [
    ("", "N020"), ("1 +", "N020"), ("1 2", "N012"), ("a < b < c", "N024"), ("a = b", "N021"), ("(1, 2,)", "N020"),
    ("1\n2", "N012"), ("a\n+ b", "N026"), ("f(", "N013"), ("f(]", "N014"), ("a ->", "N016"), ("-> a", "N016"),
    ("if a then b", "N023"), ("1 == not a", "N020"), ("1 + if a then b else c", "N020"), ("x.1", "N004"),
  ])
  func mistakes(_ text: String, _ expected: String) {
    #expect(grouped(text) == expected)
  }

  @Test(
    arguments: [
      ("90", .integer(90), nil), ("30 epochs", .integer(30), .epochs), ("1 epoch", .integer(1), .epochs),
      ("2_000 steps", .integer(2000), .steps), ("1 step", .integer(1), .steps), ("5e-4", .decimal(0.0005), nil),
      ("0.5", .decimal(0.5), nil), ("9223372036854775807", .integer(.max), nil), ("1e3", .decimal(1000), nil),
    ] as [(String, NumberSyntax.Value, NumberSyntax.Unit?)])
  func numbers(_ text: String, _ value: NumberSyntax.Value, _ unit: NumberSyntax.Unit?) throws {
    let (flow, diagnostics) = parseExpression(text, name: "--set epochs")
    #expect(diagnostics.isEmpty)
    guard case .number(let number) = flow.expression else {
      Issue.record("not a number")
      return
    }
    #expect(number.value == value)
    #expect(number.unit == unit)
    #expect(number.span.text == text)
  }

  @Test(arguments: ["9223372036854775808", "1e309", "1e-999", "1.1e-38", String(repeating: "9", count: 100_000)])
  func numbersOutOfRange(_ text: String) {
    #expect(grouped(text) == "N005")
  }

  @Test func escapes() {
    let (flow, diagnostics) = parseExpression(#""a\"b\\c\nd\te""#, name: "test")
    #expect(diagnostics.isEmpty)
    guard case .string(let string) = flow.expression else {
      Issue.record("not a string")
      return
    }
    #expect(string.value == "a\"b\\c\nd\te")
  }

  @Test func reservedWordsMayNameArguments() {
    let (flow, diagnostics) = parseExpression("f(in=1, for=2, layer=x -> g)", name: "test")
    #expect(diagnostics.isEmpty)
    guard case .call(let call) = flow.expression else {
      Issue.record("not a call")
      return
    }
    #expect(call.arguments?.arguments.map { $0.name?.text } == ["in", "for", "layer"])
  }
}
