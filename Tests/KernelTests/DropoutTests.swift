import KernelContract
import Kernels
import Testing

@Test(arguments: instructionSets, [(3, 1, 21, 32), (2, 35, 20, 32), (4, 9, 3, 3), (1, 1, 1, 16)])
func dropoutKeepsWhatItsKeySays(_ set: InstructionSet, _ shape: (images: Int, pixels: Int, channels: Int, stride: Int))
{
  let key = DropoutKey(probability: 0.3, seed: 42, identifier: 7)
  let parameters = DropoutParameters(
    images: shape.images, pixels: shape.pixels, channels: shape.channels, stride: shape.stride, key: key)
  let rows = shape.images * shape.pixels
  let x = Buffer.random(rows * shape.stride, seed: 3)
  let step = Buffer(1)
  step.address.storeBytes(of: 5, as: Int32.self)
  for parts in 1...3 {
    let y = Buffer(rows * shape.stride)
    let call = KernelCall(parameters, operands: [.operand(0), .operand(1), .result])
    run(KernelSequence([call]), set, operands: [x, step], result: y, parts: parts)
    for image in 0..<shape.images {
      for pixel in 0..<shape.pixels {
        for channel in 0..<shape.channels {
          let position = (image * shape.channels + channel) * shape.pixels + pixel
          let place = (image * shape.pixels + pixel) * shape.stride + channel
          #expect(y[place] == (key.keeps(position: position, step: 5) ? x[place] * key.scale : 0))
        }
      }
    }
  }
}

@Test func dropoutDropsTheShareAskedForAndDiffersFromStepToStep() {
  let key = DropoutKey(probability: 0.25, seed: 1, identifier: 0)
  let count = 200_000
  let kept = (0..<count).count { key.keeps(position: $0, step: 1) }
  // Four standard deviations of a binomial distribution.
  #expect(abs(Double(kept) - 0.75 * Double(count)) < 4 * (Double(count) * 0.1875).squareRoot())
  let same = (0..<count).count { key.keeps(position: $0, step: 1) == key.keeps(position: $0, step: 2) }
  #expect(abs(Double(same) - 0.625 * Double(count)) < 4 * (Double(count) * 0.625 * 0.375).squareRoot())
}
