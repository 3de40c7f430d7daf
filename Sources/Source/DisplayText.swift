/// How text appears on a terminal: its width, and a form that cannot steer the terminal.
package enum DisplayText {
  /// `text` with control characters, line separators and direction marks written as `\u{1B}`, so that showing it cannot move the
  /// cursor, colour the screen or reorder what follows. For file names and messages.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steersTerminal) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      if steersTerminal(scalar) {
        escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Whether a terminal would obey the scalar instead of showing it, or show what follows in another order.
  static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
    default: false
    }
  }

  /// The number of terminal cells that `text` takes.
  package static func width(of text: String) -> Int {
    var width = 0
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      width += self.width(of: scalar, after: previous)
      previous = scalar
    }
    return width
  }

  /// The number of cells that `scalar` adds after `previous`: 0 for marks and joined emoji, 2 for the wide and full-width characters
  /// of Unicode's annex 11 and for emoji, else 1.
  static func width(of scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Int {
    let value = scalar.value
    if value < 0x300 { return value == 0xAD ? 0 : 1 }
    // Variation selector 16 turns a narrow symbol into an emoji.
    if value == 0xFE0F { return previous.map { isNarrowEmoji($0) } == true ? 1 : 0 }
    if previous?.value == 0x200D || (0x1F3FB...0x1F3FF).contains(value) && previous?.properties.isEmoji == true {
      return 0
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isWide(scalar) ? 2 : 1
    }
  }

  private static func isNarrowEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x80 && scalar.properties.isEmoji && !isWide(scalar)
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      true
    // Each half of a flag is one cell.
    case 0x1F1E6...0x1F1FF: false
    default: scalar.properties.isEmojiPresentation
    }
  }
}

extension String {
  /// The text followed by blanks up to `width` cells.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - DisplayText.width(of: self)))
  }

  /// The text without blanks at its end.
  var trimmedAtEnd: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }

  /// The lines of the text; line breaks do not belong to them.
  var lines: [String] {
    split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
  }
}
