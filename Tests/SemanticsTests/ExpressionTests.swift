import Semantics
import Testing

/// Arithmetic of compile time. What is expected is what Python gives for the same text.
@Suite struct ExpressionTests {
  @Test(arguments: [
    ("2 + 3 * 4", "14"), ("(2 + 3) * 4", "20"), ("2 ** 3 ** 2", "512"), ("-2 ** 2", "-4"), ("8 / 2", "4"),
    ("9 / 2", "4.5"), ("9 / 2 * 2", "9"), ("1 / 49 * 49", "1"), ("7 // 2", "3"), ("-7 // 2", "-4"), ("7 // -2", "-4"),
    ("7 % 3", "1"), ("-7 % 3", "2"), ("7 % -3", "-2"), ("7.5 // 2", "3"), ("2 ** -1", "1 / 2"), ("2 ** 0.5", "sqrt(2)"),
    ("ceil(7 / 2)", "4"), ("floor(-7 / 2)", "-4"), ("ceil(-7 / 2)", "-3"), ("min(3, 1, 2)", "1"),
    ("max([3, 1, 2])", "3"),
    ("sqrt(49)", "7"), ("abs(-3)", "3"), ("1_000 + 5e-1", "1000.5"), ("2 ** 62 - 1 + 2 ** 62", "9223372036854775807"),
    ("(if 3 > 2 then 1 else 2)", "1"), ("range(3)", "[0, 1, 2]"), ("range(2, 4)", "[2, 3]"), ("range(4, 2)", "[]"),
    ("(1, 2)", "[1, 2]"), ("\"a\"", "\"a\""), ("none", "none"), ("1 / 3 + 1 / 6", "1 / 2"),
  ])
  func gives(_ expression: String, _ value: String) {
    #expect(mistakes("\(expression) == \(value)") == [])
    #expect(mistakes("\(expression) != \(value)") == ["N117"])
  }

  @Test(arguments: [
    "1 < 2", "2 <= 2", "3 >= 2", "not 1 > 2", "true and not false", "false or true", "1 < 2 and 2 < 3",
    "0.1 + 0.2 > 0.3",
    "none != 3", "1 == 1.0", "2 ** 0.5 * 2 ** 0.5 > 1.99",
  ])
  func holds(_ condition: String) {
    #expect(mistakes(condition) == [])
  }

  @Test(arguments: [
    ("2 ** 63 == 0", "N116"), ("2 ** 62 * 2 == 0", "N116"), ("9223372036854775807 + 1 == 0", "N116"),
    ("1 // 0 == 0", "N116"),
    ("1 % 0 == 0", "N116"), ("0 ** -1 == 0", "N116"), ("sqrt(-4) == 0", "N116"), ("1e308 * 1e308 == 0", "N116"),
    ("\"a\" + 1 == 0", "N122"), ("true + 1 == 0", "N122"), ("ceil(\"a\") == 0", "N122"),
    ("range(10 ** 9) == 0", "N118"),
    ("3", "N119"), ("nothing == 1", "N102"), ("seil(2) == 2", "N102"), ("min() == 0", "N120"),
    ("floor(1, 2) == 0", "N120"),
    ("(2 ** 0.5) ** 1e9 == 0", "N116"), ("-(-9223372036854775807 - 1) == 0", "N116"),
    ("(-9223372036854775807 - 1) // -1 == 0", "N116"),
  ])
  func isRefused(_ condition: String, _ code: String) {
    #expect(mistakes(condition) == [code])
  }

  private func mistakes(_ condition: String) -> [String] {
    let text = "net N {\n  input x: f32[4]\n  assert \(condition)\n  output y = x -> relu\n}\n"
    return checked(text: text).diagnostics.map(\.code)
  }
}
