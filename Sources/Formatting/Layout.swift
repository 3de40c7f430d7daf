/// A text with the places where its lines may break; `LayoutPrinter` decides which do.
indirect enum Layout {
  case text(String)
  case sequence([Layout])
  /// A blank, or a line break in a `group` that does not fit.
  case line
  /// A line break, unless the line is empty anyway.
  case hardLine
  /// A blank line; several are one, and at the start of a body there is none.
  case blankLine
  /// A comment behind what stands on the line; the line ends after it.
  case comment(String)
  /// A comment on a line of its own.
  case commentLine(String)
  /// Lines start so many columns further to the right.
  case indented(Int, Layout)
  /// Lines start in the column of the first character.
  case aligned(Layout)
  /// Its `line`s are blanks if it fits, else all of them are breaks; always breaks when `isBroken`.
  case group(Layout, isBroken: Bool)
  /// As many items on a line as fit. With `breaksFirst`, where one break is needed one follows the first item too.
  case fill([FillItem], breaksFirst: Bool)
  case bracket(Bracket)
  /// A comma, in a hanging bracket only.
  case trailingComma

  static var nothing: Layout { .sequence([]) }
}

/// An item of a `fill`.
struct FillItem {
  /// What stands between an item and the one before.
  enum Separator {
    /// A blank, or a line break where the item does not fit.
    case soft
    /// A line break.
    case hard
  }

  var separator: Separator
  var content: Layout
}

/// Something between brackets.
struct Bracket {
  /// How it stands when it does not fit on a line.
  enum Style {
    /// On lines of its own, two columns further to the right than the line that the bracket opens on.
    case hanging
    /// Behind the opening bracket, its lines below each other.
    case aligned
  }

  var open: String
  var close: String
  var content: Layout
  var style: Style
  /// Whether it hangs even where it fits on a line.
  var isBroken: Bool
  /// Whether blanks stand inside the brackets.
  var isPadded: Bool
}
