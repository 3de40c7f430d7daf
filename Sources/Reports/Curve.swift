/// A line of a chart.
package struct Curve: Sendable {
  package var name: String
  /// Points with finite coordinates, x ascending.
  package let points: [Point]

  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Points that are not numbers are left out.
  package init(_ name: String, points: [(x: Double, y: Double)]) {
    self.name = name
    self.points = points.filter { $0.x.isFinite && $0.y.isFinite }.map { Point(x: $0.x, y: $0.y) }
  }

  private init(_ name: String, _ points: [Point]) {
    self.name = name
    self.points = points
  }

  /// The curve through the means of at most `limit` stretches of equally many points, and what those stretches span.
  func thinned(to limit: Int) -> (curve: Curve, band: [(x: Double, low: Double, high: Double)]) {
    guard points.count > limit else { return (self, []) }
    var means: [Point] = []
    var band: [(x: Double, low: Double, high: Double)] = []
    for index in 0..<limit {
      let part = points[(index * points.count / limit)..<((index + 1) * points.count / limit)]
      let count = Double(part.count)
      let mean = Point(x: part.reduce(0) { $0 + $1.x / count }, y: part.reduce(0) { $0 + $1.y / count })
      means.append(mean)
      band.append((mean.x, part.lazy.map(\.y).min() ?? mean.y, part.lazy.map(\.y).max() ?? mean.y))
    }
    return (Curve(name, means), band)
  }

  /// Each value mixed with those before it, which weigh `weight` (0 ..< 1) more with each step back; the first ones are not
  /// pulled to 0 (as the bias correction of Adam).
  package func smoothed(_ weight: Double) -> Curve {
    guard weight > 0, weight < 1 else { return self }
    var (sum, share) = (0.0, 0.0)
    return Curve(
      name,
      points.map { point in
        sum = weight * sum + (1 - weight) * point.y
        share = weight * share + (1 - weight)
        return Point(x: point.x, y: sum / share)
      })
  }
}
