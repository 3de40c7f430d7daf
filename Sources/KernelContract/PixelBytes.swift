/// The bytes of pictures, `[image][row][column][channel]` without gaps, as a convolution and the gradient of its weights load them:
/// each stands for `byte * scale + shift` of its channel. Where padding is zero, it is so beside these numbers.
package struct PixelBytes: Sendable, Hashable {
  /// Three vectors have the same channels in the same lanes again and again with as many.
  package static let mostChannels = 4

  package let scale: SIMD4<Float>
  package let shift: SIMD4<Float>

  /// - Parameters:
  ///   - scale: one for all channels, or one for each of at most `mostChannels`.
  ///   - shift: as many.
  package init(scale: [Float], shift: [Float]) {
    precondition(scale.count == shift.count && (1...Self.mostChannels).contains(scale.count))
    func each(_ values: [Float]) -> SIMD4<Float> {
      var result = SIMD4(repeating: values[0])
      for (channel, value) in values.enumerated() { result[channel] = value }
      return result
    }
    (self.scale, self.shift) = (each(scale), each(shift))
  }
}
