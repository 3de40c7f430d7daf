/// What the bytes of a tensor of examples stand for: `byte * scale + shift`, rounded once, with one pair for all numbers of an example or
/// one for each index of its first axis.
package struct ByteValues: Hashable, Sendable {
  package let scale: [Float]
  package let shift: [Float]

  /// - Parameter shift: as many as `scale` has.
  package init(scale: [Float], shift: [Float]) {
    precondition(scale.count == shift.count && !scale.isEmpty)
    self.scale = scale
    self.shift = shift
  }

  /// Bytes that are only scaled.
  package init(scale: Float) { self.init(scale: [scale], shift: [0]) }

  /// What a table of the values of all bytes says, or several tables one behind the other; nil where no pair gives them. Values were rounded
  /// more than once: they may be off by the last digit of what is added.
  package init?(table: [Float]) {
    guard table.count >= 256, table.count % 256 == 0 else { return nil }
    var (scale, shift): ([Float], [Float]) = ([], [])
    for first in stride(from: 0, to: table.count, by: 256) {
      let values = table[first..<first + 256]
      let (black, white) = (table[first], table[first + 255])
      let step = (white - black) / 255
      guard black.isFinite, step.isFinite else { return nil }
      for (byte, value) in values.enumerated() {
        let product = step * Float(byte)
        let error = abs(value - black.addingProduct(step, Float(byte)))
        guard error <= max(product.magnitude, black.magnitude) * 0x1p-22 else { return nil }
      }
      scale.append(step)
      shift.append(black)
    }
    self.init(scale: scale, shift: shift)
  }

  /// The factor of all numbers, where nothing is added to any.
  package var plainScale: Float? {
    shift.allSatisfy { $0 == 0 } && scale.allSatisfy { $0 == scale[0] } ? scale[0] : nil
  }

  /// What each byte stands for, one table for each pair.
  package var table: [Float] {
    zip(scale, shift).flatMap { scale, shift in (0..<256).map { shift.addingProduct(scale, Float($0)) } }
  }
}
