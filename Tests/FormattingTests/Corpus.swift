import Foundation
import Source
import Syntax
import Testing

/// The root of the package.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Files of the repository that the parser accepts.
enum Corpus {
  static let models = files(in: "models")
  static let accepted =
    (models + files(in: "Tests/Goldens/syntax/accepted") + files(in: "Tests/Goldens/check")).filter {
      isAccepted($0.text)
    }

  struct File: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var testDescription: String { name }
  }

  static func isAccepted(_ text: String) -> Bool { parse(SourceFile(path: "test.net", text: text)).1.isEmpty }

  private static func files(in folder: String) -> [File] {
    let urls = try? FileManager.default.contentsOfDirectory(
      at: packageRoot.appending(path: folder), includingPropertiesForKeys: nil)
    return (urls ?? []).filter { $0.pathExtension == "net" }.sorted { $0.path < $1.path }.compactMap { url in
      (try? Data(contentsOf: url)).map { File(name: url.lastPathComponent, text: String(decoding: $0, as: UTF8.self)) }
    }
  }
}

/// Random choices that are the same in every run (SplitMix64).
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }

  mutating func pick<T>(_ choices: [T]) -> T { choices[roll(choices.count)] }
}

/// The tokens of a file with other blanks, line breaks and comments between them, wherever the language allows them.
func respaced(_ text: String, _ dice: inout Dice) -> String {
  let file = SourceFile(path: "test.net", text: text)
  var result = ""
  var depth = 0
  var bodyDepth = 0
  var previous: Token?
  var isAfterNumber = false
  var labelEnd = 0
  let tokens = tokens(of: file)
  for (index, token) in tokens.enumerated() {
    // A numbered label, `layer{i}:`, is no bracket: no line break in it.
    let isLabel: [TokenKind] = [.name, .leftBrace, .name, .rightBrace, .colon]
    if tokens[index...].prefix(5).map(\.kind) == isLabel { labelEnd = index + 4 }
    let isClosing = [.rightParenthesis, .rightBracket, .rightBrace].contains(token.kind)
    // The brace of a body is the only bracket outside of which line breaks count.
    let isInLabel = labelEnd > 0 && index > labelEnd - 4 && index <= labelEnd
    let isFree = depth > bodyDepth && !isAfterNumber && !isInLabel
    if let previous {
      if isFree || token.kind == .arrow || token.startsLine, !isInLabel {
        result += trivia(&dice, mustBreak: token.startsLine && !isFree && token.kind != .arrow)
      } else {
        result += [" ", "  ", "\t"][dice.roll(3)]
      }
      if previous.end == token.start, dice.roll(2) == 0, result.last == " " { result.removeLast() }
    }
    if isClosing {
      depth -= 1
      if depth == 0 { bodyDepth = 0 }
    }
    result += file.span(token.start, token.end).text
    if [.leftParenthesis, .leftBracket, .leftBrace].contains(token.kind) {
      if token.kind == .leftBrace, depth == 0 { bodyDepth = 1 }
      depth += 1
    }
    isAfterNumber = token.kind == .integer || token.kind == .decimal
    previous = token
  }
  return result + "\n"
}

/// Blanks, perhaps with a comment and line breaks.
private func trivia(_ dice: inout Dice, mustBreak: Bool) -> String {
  func comment(_ dice: inout Dice) -> String {
    dice.pick(["# note", "#x", "#  spaced  ", "# 漢字 \"quoted\" -> {", "#"])
  }
  var text = " "
  if dice.roll(8) == 0 { text += comment(&dice) + "\n" }
  while dice.roll(6) == 0 {
    text += dice.pick(["\n", "\n\n\n", "\n  \(comment(&dice))\n", "\n\n\(comment(&dice))\n\n"])
  }
  if mustBreak, !text.contains("\n") { text += "\n" }
  return text + " "
}
