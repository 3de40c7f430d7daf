import Semantics
import Source

/// Diagnostics as a SARIF log, which code hosts and editors read: Static Analysis Results Interchange Format 2.1.0 (OASIS standard).
struct SARIFLog {
  let diagnostics: [Diagnostic]
  /// The files that were not checked: what the tool ran into, not what it found.
  let failures: [FileFailure]

  /// The codes that occur, in order, each a rule of the log.
  private let codes: [DiagnosticCode]

  init(_ diagnostics: [Diagnostic], failures: [FileFailure] = []) {
    self.diagnostics = diagnostics
    self.failures = failures
    let seen = Set(diagnostics.map(\.code))
    codes = diagnosticCodes.filter { seen.contains($0.code) }
  }

  var text: String {
    let driver = JSON.object([
      ("name", .string("netc")), ("version", .string(Netc.version)), ("rules", .array(codes.map(rule))),
    ])
    let run = JSON.object([
      ("tool", .object([("driver", driver)])), ("columnKind", .string("unicodeCodePoints")),
      ("invocations", .array([invocation])), ("results", .array(diagnostics.map(result))),
    ])
    return JSON.object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
      ("runs", .array([run])),
    ]).text + "\n"
  }

  private var invocation: JSON {
    let notifications = failures.map { failure in
      let place = JSON.object([("artifactLocation", .object([("uri", .string(SARIFLog.uri(failure.path)))]))])
      return JSON.object([
        ("level", .string("error")), ("message", message(failure.message)),
        ("locations", .array([.object([("physicalLocation", place)])])),
      ])
    }
    return .object([
      ("executionSuccessful", .bool(failures.isEmpty)), ("toolExecutionNotifications", .array(notifications)),
    ])
  }

  private func rule(_ code: DiagnosticCode) -> JSON {
    .object([
      ("id", .string(code.code)), ("shortDescription", message(code.title)), ("fullDescription", message(code.what)),
      ("help", message("\(code.what) \(code.why)")),
      ("defaultConfiguration", .object([("level", .string(code.severity.rawValue))])),
    ])
  }

  private func result(_ diagnostic: Diagnostic) -> JSON {
    var fields: [(String, JSON)] = [("ruleId", .string(diagnostic.code))]
    if let index = codes.firstIndex(where: { $0.code == diagnostic.code }) {
      fields.append(("ruleIndex", .integer(index)))
    }
    let context = diagnostic.context.map { " (\($0))" } ?? ""
    fields += [
      ("level", .string(diagnostic.severity.rawValue)), ("message", message(diagnostic.message + context)),
      ("locations", .array([.object([("physicalLocation", place(diagnostic.span))])])),
    ]
    if !diagnostic.secondary.isEmpty {
      let places = diagnostic.secondary.map { label in
        JSON.object([("physicalLocation", place(label.span)), ("message", message(label.text))])
      }
      fields.append(("relatedLocations", .array(places)))
    }
    let fixes = diagnostic.help.filter { !$0.edits.isEmpty }
    if !fixes.isEmpty { fields.append(("fixes", .array(fixes.map(fix)))) }
    return .object(fields)
  }

  private func fix(_ help: Diagnostic.Help) -> JSON {
    var files: [SourceFile] = []
    for edit in help.edits where !files.contains(edit.span.file) { files.append(edit.span.file) }
    let changes = files.map { file in
      let replacements = help.edits.filter { $0.span.file == file }.map { edit in
        JSON.object([
          ("deletedRegion", region(edit.span)),
          ("insertedContent", .object([("text", .string(edit.replacement))])),
        ])
      }
      return JSON.object([("artifactLocation", location(file)), ("replacements", .array(replacements))])
    }
    return .object([("description", message(help.text)), ("artifactChanges", .array(changes))])
  }

  private func place(_ span: SourceSpan) -> JSON {
    .object([("artifactLocation", location(span.file)), ("region", region(span))])
  }

  /// Lines and columns from 1; the end column is the one after the last character.
  private func region(_ span: SourceSpan) -> JSON {
    .object([
      ("startLine", .integer(span.line)), ("startColumn", .integer(span.column)),
      ("endLine", .integer(span.file.line(at: span.end))), ("endColumn", .integer(span.file.column(at: span.end))),
    ])
  }

  private func location(_ file: SourceFile) -> JSON { .object([("uri", .string(SARIFLog.uri(file.path)))]) }

  private func message(_ text: String) -> JSON { .object([("text", .string(text))]) }

  /// The path as a URI reference (RFC 3986): relative, or with the scheme `file`.
  static func uri(_ path: String) -> String {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    var uri = isAbsolute ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
      }
    }
    return uri
  }
}
