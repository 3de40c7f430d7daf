import Foundation
import Testing

@testable import Reports

@Suite struct RunReportTests {
  private var confusion: ConfusionMatrix {
    var matrix = ConfusionMatrix(names: ["cat", "dog", "fox"])
    for (actual, predicted, count) in [(0, 0, 5), (0, 1, 2), (1, 1, 3), (1, 0, 1), (1, 2, 1)] {
      for _ in 0..<count { matrix.add(true: actual, predicted: predicted) }
    }
    return matrix
  }

  /// By the definitions: 5 of 6 that were called cats are, 5 of 7 cats were found, and so on; nothing was a fox.
  @Test func figuresOfClasses() {
    let figures = confusion.figures
    #expect(figures[0].precision == 5.0 / 6 && figures[0].recall == 5.0 / 7 && figures[0].f1 == 10.0 / 13)
    #expect(figures[1].precision == 3.0 / 5 && figures[1].recall == 3.0 / 5 && figures[1].examples == 5)
    #expect(figures[2].precision == 0 && figures[2].recall == nil)
    #expect(confusion.accuracy == 8.0 / 12)
    let mistakes = confusion.mistakes(limit: 2)
    #expect(mistakes.map(\.actual) == ["cat", "dog"])
    #expect(mistakes.map(\.count) == [2, 1])
  }

  private func page(_ name: String) -> String {
    var report = RunReport(net: name, conclusion: name)
    report.figures = [(name, name)]
    report.charts = [LineChart(name, unit: "step", [Curve(name, points: [(1, 2), (2, 1)])])]
    report.confusion = confusion
    report.worst = [RunReport.Example(picture: [1, 2, 3], text: name, lines: [name])]
    report.configuration = name
    report.facts = [(name, name)]
    report.timing = [("a step", "1 ms")]
    report.values = [(1, 2), (3, 2.5)]
    return report.html
  }

  /// Nothing that comes from files or command lines can become markup.
  @Test func namesAreEscaped() {
    let evil = "<script>alert('1')</script>\"><img src=x onerror=1>"
    let html = page(evil)
    #expect(!html.contains("<script"))
    #expect(!html.contains("<img src=x"))
    #expect(html.components(separatedBy: "&lt;script&gt;").count > 8)
  }

  /// Every element is closed in order, and nothing is loaded from elsewhere.
  @Test func pageIsWellFormedAndAlone() throws {
    let html = page("net")
    let body = try #require(html.components(separatedBy: "<body>").last?.components(separatedBy: "</body>").first)
    #expect(MarkupReader.mistake(in: body, empty: ["img"]) == nil)
    let links = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
    #expect(!links.contains("://") && !links.contains("<link") && !links.contains("url("))
    #expect(html.contains("name=\"viewport\""))
    #expect(html.contains("data:image/png;base64,AQID"))
  }

  @Test func manyClassesBecomeAMap() {
    var report = RunReport(net: "n", conclusion: "c")
    var matrix = ConfusionMatrix(names: (0..<60).map { "class \($0)" })
    matrix.add(true: 3, predicted: 4)
    report.confusion = matrix
    #expect(report.html.contains("<li>class 3 taken for class 4: 1</li>"))
  }

  @Test(arguments: 0..<50)
  func base64IsThatOfFoundation(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
  }

  @Test func historyLeavesOutWhatWasCutOff() {
    let steps = "{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":2.25}\n{\"step\":3,\"lo"
    let metrics =
      "epoch,step,learning_rate,loss,seconds,val.loss,val.accuracy\n1,1,0.1,2.5,0.5,2.0,0.25\n2,2,0.1,2.25,0.25,,\n3,3,0.1"
    let history = RunHistory(steps: Array(steps.utf8), metrics: Array(metrics.utf8))
    #expect(history.losses.map(\.y) == [2.5, 2.25])
    #expect(history.epochs == 2)
    #expect(history.seconds == 0.75)
    #expect(history.last("val.accuracy") == 0.25)
    #expect(history.points("val.loss").map(\.x) == [1])
    #expect(history.measures == ["loss", "val.loss", "val.accuracy", "learning_rate"])
    #expect(history.charts.map(\.title) == ["loss", "val.accuracy"])
  }
}
