/// How many diagnostics were found and are not shown: after a screenful, more would not help.
package struct HiddenDiagnostics: Hashable, Sendable {
  package var errors = 0
  package var warnings = 0
  /// Whether the rest of a file was not read, so that there may be more errors than are counted.
  package var isOpen = false

  package init() {}

  /// "35 more errors and 1 more warning are not shown"; nil when everything is shown.
  package var text: String? {
    var parts: [String] = []
    if isOpen {
      parts.append("more errors")
    } else if errors > 0 {
      parts.append(errors == 1 ? "1 more error" : "\(errors) more errors")
    }
    if warnings > 0 { parts.append(warnings == 1 ? "1 more warning" : "\(warnings) more warnings") }
    let isOne = !isOpen && errors + warnings == 1
    return parts.isEmpty ? nil : parts.joined(separator: " and ") + (isOne ? " is" : " are") + " not shown"
  }
}
