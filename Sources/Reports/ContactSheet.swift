import Source

/// Examples side by side with what they are, as a page.
package struct ContactSheet: Sendable {
  package var title: String
  package var note: String
  package var examples: [RunReport.Example]

  package init(title: String, note: String, examples: [RunReport.Example]) {
    self.title = title
    self.note = note
    self.examples = examples
  }

  /// One HTML file that needs no other.
  package var html: String {
    var report = RunReport(net: title, conclusion: note)
    report.worst = examples
    return report.page(body: report.gallery, links: "")
  }
}
