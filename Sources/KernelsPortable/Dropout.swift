import KernelContract

private typealias Words = SIMD16<UInt32>

/// See `DropoutParameters`.
func dropout(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let parameters = context.parameters.load(as: DropoutParameters.self)
  let x = UnsafePointer(context.operands[0].assumingMemoryBound(to: Float.self))
  let step = context.operands[1].load(as: Int32.self)
  let result = context.operands[2].assumingMemoryBound(to: Float.self)
  let (channels, pixels, stride) = (parameters.channels, parameters.pixels, parameters.stride)
  let scale = parameters.key.scale
  let threshold = parameters.key.threshold
  let numbers = Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  // Neighbouring channels of an image are `pixels` positions apart.
  let offsets = numbers &* Words(repeating: UInt32(truncatingIfNeeded: pixels))

  let isPadded = stride % lanes == 0
  // The words change only where positions pass a multiple of 2^32.
  var upper = 0
  var words = parameters.key.words(step: step, upper: 0)

  let lastRow = min(end * parameters.rowBlock, parameters.images * pixels)
  for row in first * parameters.rowBlock..<max(lastRow, first * parameters.rowBlock) {
    let start = row / pixels * channels * pixels + row % pixels
    let from = x + row * stride
    let to = result + row * stride
    var channel = 0
    if start >> 32 == (start + (channels + lanes) * pixels) >> 32 {
      if start >> 32 != upper {
        upper = start >> 32
        words = parameters.key.words(step: step, upper: UInt32(truncatingIfNeeded: upper))
      }
      // Padding may be computed too.
      let vectorEnd = isPadded ? channels : channels & ~(lanes - 1)
      while channel < vectorEnd {
        let base = Words(repeating: UInt32(truncatingIfNeeded: start + channel * pixels))
        let hash = hash(base &+ offsets, words)
        let kept = (hash &>> Words(repeating: 8)) .>= Words(repeating: threshold)
        let scaled = from.vector(at: channel) * Vector(repeating: scale)
        to.store(Vector.zero.replacing(with: scaled, where: kept), at: channel)
        channel += lanes
      }
    }
    while channel < channels {
      let kept = parameters.key.keeps(position: start + channel * pixels, step: step)
      to[channel] = kept ? from[channel] * scale : 0
      channel += 1
    }
  }
}

/// `DropoutKey.hash` of 16 positions.
@_transparent
private func hash(_ positions: Words, _ words: (UInt32, UInt32)) -> Words {
  var x = positions ^ Words(repeating: words.0)
  x = (x ^ (x &>> Words(repeating: 16))) &* Words(repeating: 0x7FEB_352D)
  x = (x ^ (x &>> Words(repeating: 15))) &* Words(repeating: 0x846C_A68B)
  x = (x ^ (x &>> Words(repeating: 16))) &+ Words(repeating: words.1)
  x = (x ^ (x &>> Words(repeating: 16))) &* Words(repeating: 0x7FEB_352D)
  x = (x ^ (x &>> Words(repeating: 15))) &* Words(repeating: 0x846C_A68B)
  return x ^ (x &>> Words(repeating: 16))
}
