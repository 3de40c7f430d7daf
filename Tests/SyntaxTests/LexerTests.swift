import Source
import Testing

@testable import Syntax

/// The lexical rules of grammar/net.ebnf.
@Suite struct LexerTests {
  private func kinds(_ text: String) -> [TokenKind] {
    Lexer.tokens(of: SourceFile(path: "test.net", text: text)).tokens.map(\.kind)
  }

  @Test func marksTakeTheLongestSpelling() {
    #expect(kinds("-> - > -- ->-") == [.arrow, .minus, .greater, .minus, .minus, .arrow, .minus, .end])
    #expect(
      kinds("** * // / == = != <= < >= >") == [
        .doubleStar, .star, .doubleSlash, .slash, .equal, .assign, .notEqual, .lessOrEqual, .less, .greaterOrEqual,
        .greater, .end,
      ])
    #expect(
      kinds("(){}[],:.%+") == [
        .leftParenthesis, .rightParenthesis, .leftBrace, .rightBrace, .leftBracket, .rightBracket, .comma, .colon, .dot,
        .percent, .plus, .end,
      ])
  }

  @Test func wordsAreReservedOnlyWhole() {
    #expect(kinds("net nets Net _net for2 for") == [.net, .name, .name, .name, .name, .for, .end])
  }

  @Test func everyReservedWordOfTheSpecification() {
    let words =
      "net block train const import input output layer assert target repeat for in if then else and or not true false none"
    #expect(kinds(words).dropLast().map(\.isReserved) == Array(repeating: true, count: 22))
    #expect(TokenKind.words.count == 22)
  }

  @Test(arguments: ["0", "64", "1_000", "1_2_3"]) func integers(_ text: String) {
    #expect(kinds(text) == [.integer, .end])
  }

  @Test(arguments: ["0.5", "5e-4", "1E+3", "1_0.2_5e1_0", "1e3"]) func decimals(_ text: String) {
    #expect(kinds(text) == [.decimal, .end])
  }

  @Test(arguments: ["1__0", "1_", "3x", "0x10", "1.2.3", "1e", "1.e5", "1_.5", "1._5"])
  func malformedNumbersAreOneToken(_ text: String) {
    #expect(kinds(text) == [.invalid, .end])
    #expect(codes("const a = \(text)") == ["N004"])
  }

  /// Numbers that are written wrong and mean only one thing are read as that.
  @Test(arguments: [(".5", [TokenKind.decimal]), ("1.", [.decimal]), ("30epochs", [.integer, .name])])
  func malformedNumbersAreReadAsWhatIsMeant(_ text: String, _ expected: [TokenKind]) {
    #expect(kinds(text) == expected + [.end])
    #expect(codes("const a = \(text)") == ["N004"])
  }

  @Test func linesStartAfterEveryKindOfLineBreak() {
    let output = Lexer.tokens(of: SourceFile(path: "test.net", text: "a\nb\r\nc\rd e"))
    #expect(output.tokens.map(\.startsLine) == [true, true, true, true, false, false])
  }

  @Test func triviaAreKept() {
    let file = SourceFile(path: "test.net", text: "# first\n\na # second\n  \n  # third\n\n")
    let output = Lexer.tokens(of: file)
    #expect(output.comments.map(\.span.text) == ["# first", "# second", "# third"])
    #expect(output.comments.map(\.isOnItsOwnLine) == [true, false, true])
    #expect(output.blankLines == [2, 4, 6])
    #expect(output.tokens.map(\.kind) == [.name, .end])
  }

  @Test func tokensCoverTheirBytes() {
    let file = SourceFile(path: "test.net", text: "const a = \"x # y\" # z")
    let output = Lexer.tokens(of: file)
    #expect(output.tokens.dropLast().map { file.span($0.start, $0.end).text } == ["const", "a", "=", "\"x # y\""])
  }
}
