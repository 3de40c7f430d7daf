/// The mistakes that the lexer and the parser report, by their stable codes.
package enum SyntaxMistake: String, CaseIterable, Sendable {
  case notUTF8 = "N001"
  case strayCharacter = "N002"
  case malformedString = "N003"
  case malformedNumber = "N004"
  case numberOutOfRange = "N005"
  case malformedName = "N006"
  case semicolon = "N007"

  case unknownDeclaration = "N010"
  case unknownStatement = "N011"
  case lineNotEnded = "N012"
  case bracketNotClosed = "N013"
  case closesNothing = "N014"
  case bodyNotClosed = "N015"
  case danglingArrow = "N016"
  case valueGoesNowhere = "N017"
  case reservedName = "N018"
  case nameExpected = "N019"
  case valueExpected = "N020"
  case bindingOrComparison = "N021"
  case stageExpected = "N022"
  case malformedCondition = "N023"
  case chainedComparison = "N024"
  case malformedType = "N025"
  case tokenExpected = "N026"
  case tooComplex = "N027"
  case foreignWord = "N028"

  /// The text of `netc explain`: what the mistake is, and what is right instead.
  package var explanation: String {
    switch self {
    case .notUTF8:
      "The file is not UTF-8 text. Save it again with the encoding UTF-8; most editors have it under “Save as”."
    case .strayCharacter:
      """
      A character has no meaning where it stands. Outside strings and comments a file holds letters, digits, `_` and
      ( ) [ ] { } , : = . + - * / % < > ! with the arrow `->`. Characters copied from a web page (curly quotes, long
      dashes, invisible blanks) are replaced by the plain ones.
      """
    case .malformedString:
      """
      Strings stand in double quotes on one line: "photos/train". Inside, \\" is a quote, \\\\ a backslash, \\n a new
      line and \\t a tab.
      """
    case .malformedNumber:
      """
      Numbers are written 64, 1_000, 0.5 or 5e-4: a digit before and after the point, `_` only between digits, a blank
      between a number and its unit (`30 epochs`).
      """
    case .numberOutOfRange:
      "Whole numbers go up to 9223372036854775807, decimal numbers up to about 1.8e308."
    case .malformedName:
      "Names are made of the letters a-z and A-Z, digits and `_`, and do not start with a digit."
    case .semicolon:
      "A line is a statement; no `;` ends it, and two statements stand on two lines."
    case .unknownDeclaration:
      """
      A file holds declarations: `import "blocks.net"`, `const width = 64`, `net Name { … }`, `block name(…) { … }` and
      `train Name { … }`. Everything else stands inside a body.
      """
    case .unknownStatement:
      """
      A line in the body of a net or block is `input name: type`, `output name = flow`, `layer name: call`,
      `assert condition` or `name = flow`. A line in the body of `train` is `target name: type` or `name = value`.
      """
    case .lineNotEnded:
      """
      A statement was complete but the line went on. Usually an operator, a comma or `->` is missing, or two statements
      share a line.
      """
    case .bracketNotClosed:
      "A bracket was opened and not closed before the statement ended. Newlines do not count inside brackets."
    case .closesNothing:
      "A closing bracket has no partner: one too many was typed, or its opening bracket is missing."
    case .bodyNotClosed:
      "The `{` of a net, block or train has no `}`."
    case .danglingArrow:
      """
      `->` feeds what stands before it to the stage after it, so it needs both. A flow over several lines has its arrows
      at the start of the lines: an edit then touches one line only.
      """
    case .valueGoesNowhere:
      """
      The line computes something that nothing uses. Start it with `->` to continue the flow above, or give the value a
      name: `skip = x -> conv(64, 1)`.
      """
    case .reservedName:
      """
      The reserved words are net block train const import input output layer assert target repeat for in if then else
      and or not true false none. They may be names of arguments, and labels in quotes: `"for": conv(64, 3)`.
      """
    case .nameExpected:
      "A name is missing: letters, digits and `_`, not starting with a digit."
    case .valueExpected:
      "A value is missing: a number, a string, a name, a call, or something in brackets."
    case .bindingOrComparison:
      "`=` gives a value to a name, an argument or a setting; `==` compares; `name:` labels a layer or gives a type."
    case .stageExpected:
      """
      After `->` stands a stage: `relu`, `conv(64, 3)`, `name: conv(64, 3)`, `{ … }`, `repeat 3 { … }`,
      `for c in [64, 128] { … }` or `if condition { … } else { … }`.
      """
    case .malformedCondition:
      """
      As a value, a condition is written `if c then a else b`, always with both branches. As a stage it is
      `-> if c { … } else { … }`, and the `else` may be left out.
      """
    case .chainedComparison:
      "Comparisons are not chained: write `a < b and b < c`."
    case .malformedType:
      """
      Types are `f32`, `bool` and `index(n)`, with the dimensions of one example in brackets: `f32[3, 224, 224]`,
      `index(vocab)[length]`. There is no batch dimension.
      """
    case .tokenExpected:
      "The grammar asks for a certain mark here and found another."
    case .tooComplex:
      "Brackets and conditions may be nested 256 deep, and a statement may hold 1000 operators. Name parts of it."
    case .foreignWord:
      "A word of another language; the message names the one of this language."
    }
  }
}
