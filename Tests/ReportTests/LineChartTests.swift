import Foundation
import Testing

@testable import Reports

@Suite struct LineChartTests {
  private func chart(_ names: [String] = ["loss"]) -> LineChart {
    LineChart(
      "a < b & \"c\"", unit: "step",
      names.enumerated().map { index, name in
        Curve(name, points: (1...50).map { (Double($0), Double($0 % 7) + 3 * Double(index)) })
      })
  }

  /// Ticks are multiples of 1, 2 or 5 times a power of ten that reach over the values.
  @Test(arguments: [(0.0, 1.0), (0.013, 0.0171), (-250, 3_100), (1e6, 3e6), (-1e-5, 2e-5), (7, 7)])
  func ticksAreRound(low: Double, high: Double) {
    let axis = Axis([low, high], ticks: 5)
    #expect(axis.ticks.count >= 2)
    #expect(axis.ticks.count <= 12)
    #expect(axis.low <= low && axis.high >= high)
    let step = axis.ticks[1] - axis.ticks[0]
    let digit = step / pow(10, log10(step * (1 + 1e-9)).rounded(.down))
    #expect([1.0, 2, 5].contains { abs($0 - digit) < 1e-6 }, "step \(step)")
    #expect(axis.share(axis.low) == 0)
    #expect(axis.share(axis.high) == 1)
  }

  @Test func valuesThatDifferMuchAreSeenByTheirLogarithms() {
    let axis = Axis([0.001, 100], ticks: 5, mayBeLogarithmic: true)
    #expect(axis.isLogarithmic)
    // Half way between the decades.
    #expect(abs(axis.share(pow(10, (log10(axis.low) + log10(axis.high)) / 2)) - 0.5) < 1e-9)
    #expect(!Axis([0, 100], ticks: 5, mayBeLogarithmic: true).isLogarithmic)
    // A cosine that ends near zero is seen as it is; steps by a tenth, by their logarithms.
    let cosine = (0..<100).map { 1e-3 * (1 + cos(Double.pi * (Double($0) + 0.9) / 100)) / 2 }
    let ofCosine = Axis(cosine, ticks: 5, mayBeLogarithmic: true)
    #expect(!ofCosine.isLogarithmic && ofCosine.low == 0 && ofCosine.high == 1e-3)
    #expect(Axis((0..<90).map { pow(0.1, Double($0 / 30)) }, ticks: 5, mayBeLogarithmic: true).isLogarithmic)
  }

  @Test func labelsAreShort() {
    #expect([0, 0.25, 1500, 25_000, 3e6, 1e-5].map(Axis.label) == ["0", "0.25", "1500", "25k", "3M", "1e-05"])
  }

  /// The running mean with Adam's correction, by its definition.
  @Test func smoothingStartsAtTheFirstValue() {
    let values = [4.0, 2, 8, 6]
    let curve = Curve("x", points: values.enumerated().map { (Double($0), $1) }).smoothed(0.5)
    let expected = (1...4).map { count -> Double in
      let weights = (0..<count).map { pow(0.5, Double(count - 1 - $0)) }
      return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    }
    for (point, value) in zip(curve.points, expected) { #expect(abs(point.y - value) < 1e-12) }
  }

  @Test func whatIsNoNumberIsNoPoint() {
    let curve = Curve("x", points: [(1, .nan), (2, 1), (3, .infinity), (4, 2)])
    #expect(curve.points.map(\.x) == [2, 4])
  }

  @Test func longCurvesAreThinnedToMeans() {
    let (curve, band) = Curve("x", points: (0..<1000).map { (Double($0), Double($0 % 2)) }).thinned(to: 100)
    #expect(curve.points.count == 100)
    #expect(curve.points.allSatisfy { abs($0.y - 0.5) < 1e-9 })
    #expect(band.allSatisfy { $0.low == 0 && $0.high == 1 })
  }

  @Test func pictureIsXML() {
    for text in [chart().svg, LineChart.svg([chart(["a", "b<"]), chart((0..<9).map { "run \($0)" })])] {
      #expect(MarkupReader.mistake(in: text) == nil)
    }
  }

  @Test(arguments: [30, 57, 80, 133])
  func textKeepsItsWidth(width: Int) {
    for names in [["loss"], ["a", "b"]] {
      let text = chart(names).text(width: width, height: 10, isColoured: false)
      let rows = text.split(separator: "\n")
      #expect(rows.dropFirst().dropLast().allSatisfy { $0.count <= width }, "\(text)")
      #expect(rows.count == 14)
    }
  }

  @Test func severalCurvesWithoutColourHaveTheirMarks() {
    let text = chart(["first", "second"]).text(width: 60, height: 12, isColoured: false)
    #expect(text.contains("• first") && text.contains("+ second"))
    #expect(!text.contains("\u{1B}"))
    #expect(chart(["first", "second"]).text(width: 60, height: 12, isColoured: true).contains("\u{1B}["))
  }

  @Test func nothingMeasuredIsSaid() {
    #expect(LineChart("loss", unit: "step", []).text(width: 60, height: 5, isColoured: false) == "loss: no values\n")
  }
}
