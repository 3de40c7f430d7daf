/// What is told of a run on one page.
package struct RunReport: Sendable {
  /// A line of a table of facts.
  package typealias Fact = (name: String, value: String)

  /// An example that the net got wrong, or was least sure of.
  package struct Example: Sendable {
    /// A PNG file; nil where the example is no picture.
    package var picture: [UInt8]?
    /// The example in words, where it is no picture; what it is and what it was taken for.
    package var text: String
    /// What it should have been, and what the net says.
    package var lines: [String]

    package init(picture: [UInt8]?, text: String, lines: [String]) {
      self.picture = picture
      self.text = text
      self.lines = lines
    }
  }

  package var net: String
  /// One sentence: how it ended and how good it is.
  package var conclusion: String
  /// The figures that matter most.
  package var figures: [Fact] = []
  package var charts: [LineChart] = []
  /// What the figures below are about: `400 examples of the validation`.
  package var subject = ""
  package var confusion: ConfusionMatrix?
  /// True and predicted values, of a net that predicts numbers.
  package var values: [(actual: Double, predicted: Double)] = []
  package var worst: [Example] = []
  /// The net as an SVG picture.
  package var picture = ""
  /// The resolved `.net` file.
  package var configuration = ""
  package var facts: [Fact] = []
  package var timing: [Fact] = []

  package init(net: String, conclusion: String) {
    self.net = net
    self.conclusion = conclusion
  }
}
