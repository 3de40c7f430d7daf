/// A kind of mistake: its stable code, and its page in `netc explain`.
///
/// Each code stands in a file of its own with its page, and in the catalogue of its room.
package struct DiagnosticCode: Sendable {
  /// Such as `N104`; never given to another kind of mistake.
  package let code: String
  /// What the mistake is, after the code: "a stated size that is not the real one".
  package let title: String
  /// What the rule is, in one paragraph; names and code stand in backquotes.
  package let what: String
  /// Why there is this rule, or how the mistake comes about.
  package let why: String
  /// A file with this mistake and no other.
  package let wrong: Example
  /// The file without it: nothing is reported.
  package let right: Example

  package init(_ code: String, _ title: String, what: String, why: String, wrong: Example, right: Example) {
    self.code = code
    self.title = title
    self.what = what
    self.why = why
    self.wrong = wrong
    self.right = right
  }

  /// Codes from N300 on are warnings.
  package var severity: Diagnostic.Severity { code.hasPrefix("N3") ? .warning : .error }
}

extension DiagnosticCode: Hashable {
  package static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool { left.code == right.code }

  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension DiagnosticCode {
  /// A file that shows what is wrong or right.
  package struct Example: Sendable {
    package let text: String
    /// Whether the file is saved in Latin-1 instead of UTF-8.
    package let isLatin1: Bool
    /// The files beside it, by name.
    package let files: [String: String]
    /// The `--set` options, as `key=value`.
    package let set: [String]

    package init(_ text: String, isLatin1: Bool = false, files: [String: String] = [:], set: [String] = []) {
      self.text = text
      self.isLatin1 = isLatin1
      self.files = files
      self.set = set
    }

    /// The bytes of the file.
    package var bytes: [UInt8] {
      let text = text + "\n"
      return isLatin1 ? text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } : Array(text.utf8)
    }
  }
}

extension Diagnostic {
  /// A diagnostic of the code's severity; everything after `span` is optional.
  package init(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan, label: String? = nil, secondary: [Label] = [],
    context: String? = nil, notes: [Note] = [], help: [Help] = []
  ) {
    self.init(
      code.code, code.severity, message, at: span, label: label, secondary: secondary, context: context, notes: notes,
      help: help)
  }
}
