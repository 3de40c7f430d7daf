import Datasets

/// A number from the columns of a table.
enum TableTemplate: Template {
  static let name = "table"
  static let summary = "predicts a number from the columns of a CSV file: a regression"

  static var files: [(path: String, bytes: [UInt8])] {
    [
      file(
        "table.net",
        """
        # What does a flat cost? houses.csv is made up; put your own table in its place and name its columns below.
        net Price(width = 32) {
          input flat: f32[4]

          output price: f32 = flat
            -> fc1: linear(width) -> relu
            -> fc2: linear(width) -> relu
            -> fc3: linear(1) -> reshape([])
        }

        train Price {
          target paid: f32

          data       = csv("houses.csv", flat=[area, rooms, age, distance], paid=price)
            -> standardize -> standardize(paid)
          validation = split(data, 0.2)

          loss       = mse(price, paid)
          metrics    = [mae, r2]
          optimizer  = adam(lr=0.01)

          batch      = 32
          epochs     = 60
          seed       = 1
        }

        """),
      file("houses.csv", table),
    ]
  }

  /// 400 rows by a rule with some noise.
  private static var table: String {
    var generator = SplitMix64(seed: 7)
    func draw(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + generator.nextUniform() * (range.upperBound - range.lowerBound)
    }
    var lines = ["area,rooms,age,distance,price"]
    for _ in 0..<400 {
      let area = draw(25...160).rounded()
      let rooms = max(1, (area / 30 + draw(-0.5...0.8)).rounded())
      let age = draw(0...90).rounded()
      let distance = (draw(0.5...20) * 10).rounded() / 10
      let price = area * (4.2 - 0.12 * distance) * (1 - 0.003 * age) + 12 * rooms + draw(-12...12)
      lines.append("\(Int(area)),\(Int(rooms)),\(Int(age)),\(distance),\(Int(price.rounded()))")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
