extension DigitsPart {
  /// The pictures of this part; every fifth example (4, 9, 14, …) is the test set.
  func pictures() -> LabelledPictures {
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    pixels.reserveCapacity(64 * DigitsData.count)
    labels.reserveCapacity(DigitsData.count)
    DigitsData.text.withUTF8Buffer { text in
      var position = 0
      for example in 0..<DigitsData.count {
        // A line holds some whole examples; the mark between lines is none of them.
        while text[position] == UInt8(ascii: "\n") { position += 1 }
        if (example % 5 == 4) == (self == .test) {
          pixels.append(contentsOf: text[position..<(position + 64)].lazy.map { $0 &- UInt8(ascii: "0") })
          labels.append(text[position + 64] &- UInt8(ascii: "0"))
        }
        position += 65
      }
    }
    return LabelledPictures(pixels: pixels, labels: labels, height: 8, width: 8, origin: "digits(\"\(rawValue)\")")
  }
}
