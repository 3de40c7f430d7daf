/// One mistake, or one thing that is rarely meant, as a value: facts and words, no layout.
///
/// Renderings are `text(_:)`, `oneLine` and `json`; see `DiagnosticRenderer`.
package struct Diagnostic: Hashable, Sendable {
  /// The stable code, such as `N104`; every code has a page in `netc explain`.
  package var code: String
  package var severity: Severity
  /// One line: label first, then expected, then got. Names and code stand in backquotes.
  package var message: String
  /// The place the diagnostic is about.
  package var span: SourceSpan
  /// What stands beside the carets of `span`; nil for nothing.
  package var label: String?
  /// Further places that matter, each with its words: "stated here".
  package var secondary: [Label]
  /// How the place was reached: "in block basic, called as layer2.0 (line 19) from ResNet18 (line 29)".
  package var context: String?
  /// Facts that explain the message, in order.
  package var notes: [Note]
  /// What to do, in order of usefulness.
  package var help: [Help]
  /// Whether the text was read on as if the first fix had been applied, so that nothing of it is unknown.
  package var isMended = false
  /// Whether that is a guess: what does not fit on the line then follows from it.
  package var isGuessed = false

  /// A diagnostic; everything after `span` is optional.
  package init(
    _ code: String, _ severity: Severity, _ message: String, at span: SourceSpan, label: String? = nil,
    secondary: [Label] = [], context: String? = nil, notes: [Note] = [], help: [Help] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = Diagnostic.limited(message)
    self.span = span
    self.label = label
    self.secondary = secondary
    self.context = context.map(Diagnostic.limited)
    self.notes = notes
    self.help = help
  }

  /// An error; everything after `span` is optional.
  package init(
    _ code: String, _ message: String, at span: SourceSpan, label: String? = nil, secondary: [Label] = [],
    context: String? = nil, notes: [Note] = [], help: [Help] = []
  ) {
    self.init(
      code, .error, message, at: span, label: label, secondary: secondary, context: context, notes: notes, help: help)
  }

  /// Whether it is about how the text is written, not about what it means.
  package var isSyntax: Bool { code.hasPrefix("N0") }

  /// Whether one of the `help` lines carries edits.
  package var hasFix: Bool { help.contains { !$0.edits.isEmpty } }
}

extension Diagnostic {
  /// Errors stop a compilation; warnings do not.
  package enum Severity: String, Hashable, Sendable {
    case error, warning
  }

  /// A place with words beside its carets.
  package struct Label: Hashable, Sendable {
    package var span: SourceSpan
    package var text: String

    package init(_ span: SourceSpan, _ text: String) {
      self.span = span
      self.text = Diagnostic.limited(text)
    }
  }

  /// A fact after `=`. Further lines of `text` and the rows stand indented below its first line.
  package struct Note: Hashable, Sendable {
    package var text: String
    package var rows: [Row]

    package init(_ text: String, rows: [Row] = []) {
      self.text = Diagnostic.limited(text)
      self.rows = rows
    }

    /// The chain of shapes that leads to the place, under "shapes on the way:".
    package static func shapesOnTheWay(_ rows: [Row]) -> Note { Note("shapes on the way:", rows: rows) }
  }

  /// A row of a table of shapes; its columns are aligned with those of the other rows.
  package struct Row: Hashable, Sendable {
    /// The label of the step, or a sentence over the first two columns when `type` is empty.
    package var name: String
    /// The type after the step: `f32[64, 47, 47]`.
    package var type: String
    /// Where the step stands; shown as `line 6` or, over several lines, as `lines 10-12`.
    package var place: SourceSpan?
    /// How the size came about, where it decides: `(192 + 2*2 - 11) / 4 + 1 = 47`; else empty.
    package var arithmetic: String

    package init(_ name: String, _ type: String = "", at place: SourceSpan? = nil, arithmetic: String = "") {
      self.name = Diagnostic.limited(name)
      self.type = type
      self.place = place
      self.arithmetic = arithmetic
    }
  }

  /// Advice after `= help:`. With edits it is a fix: applying them together removes the diagnostic.
  package struct Help: Hashable, Sendable {
    /// The advice; further lines stand indented below the first.
    package var text: String
    package var edits: [Edit]
    /// Whether the edits are what was meant beyond reasonable doubt: `netc check --fix` applies those, the others are for the user to
    /// choose.
    package var isSure: Bool

    package init(_ text: String, edits: [Edit] = [], isSure: Bool = true) {
      self.text = Diagnostic.limited(text)
      self.edits = edits
      self.isSure = isSure && !edits.isEmpty
    }

    /// Leaves only the advice.
    package mutating func withholdEdits() {
      edits = []
      isSure = false
    }
  }

  /// The replacement of a span by a text; an empty span is an insertion.
  package struct Edit: Hashable, Sendable {
    package var span: SourceSpan
    package var replacement: String

    package init(_ span: SourceSpan, _ replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }
}
