/// What the bytes of pictures, `[image][row][column][channel]` without gaps, become as a convolution and the gradient of its weights load
/// them: `byte * scale + shift` of the channel. What zero padding adds is zero, whatever the byte 0 stands for.
package struct ByteScaling: Sendable, Hashable {
  /// With as many channels or fewer, 48 numbers, which are three vectors, are whole pixels.
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
