import KernelContract
import Testing

@Suite struct ConvolutionChoiceTests {
  static func shape(
    _ batch: Int, _ extent: Int, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1,
    groups: Int = 1, padding: Conv2DShape.Padding = .zeros
  ) -> Conv2DShape {
    let pad = dilation * (kernel / 2)
    let axis = Conv2DShape.Axis(
      input: extent, kernel: kernel, stride: stride, before: pad, after: pad, dilation: dilation)
    func pixel(_ channels: Int) -> Int {
      channels * groups < 16 ? channels * groups : (channels * groups + 15) / 16 * 16
    }
    return Conv2DShape(
      batch: batch, height: axis, width: axis, inputs: inputs, outputs: outputs, groups: groups, padding: padding,
      inputPixel: pixel(inputs), outputPixel: (outputs * groups + 15) / 16 * 16)
  }

  static let passes: [ConvolutionChoice.Pass] = [.forward, .dataGradient, .weightGradient]

  @Test("layers on which Winograd's algorithms were measured to be faster", arguments: passes)
  func faster(_ pass: ConvolutionChoice.Pass) {
    for shape in [
      Self.shape(8, 224, 64, 64), Self.shape(8, 28, 512, 512), Self.shape(8, 14, 512, 512), Self.shape(16, 56, 64, 64),
      Self.shape(16, 7, 512, 512), Self.shape(64, 28, 16, 16), Self.shape(64, 8, 32, 32), Self.shape(1, 56, 64, 64),
    ] {
      let choice = ConvolutionChoice(shape, pass)
      #expect(choice.transform == .f4x3, "\(shape): \(choice.reason)")
    }
    #expect(ConvolutionChoice(Self.shape(32, 27, 64, 192, kernel: 5), pass).transform == .f2x5)
    // Four tiles of 4x4 outputs would be two thirds waste.
    #expect(ConvolutionChoice(Self.shape(64, 6, 64, 64), pass).transform != nil)
  }

  @Test("convolutions that no such algorithm computes, or for which it does not pay")
  func direct() {
    let base = Self.shape(8, 56, 64, 64)
    #expect(ConvolutionChoice(base, .forward, isPrecise: true).transform == nil)
    for (shape, reason) in [
      (Self.shape(8, 56, 64, 64, stride: 2), "direct: strided"),
      (Self.shape(8, 56, 64, 64, dilation: 2), "direct: dilated"),
      (Self.shape(8, 56, 32, 32, groups: 2), "direct: groups"),
      (Self.shape(8, 56, 64, 64, padding: .reflect), "direct: padding that is not zero"),
      (Self.shape(8, 56, 3, 64), "direct: few channels"),
      (Self.shape(8, 56, 64, 64, kernel: 1), "direct: no other algorithm for 1x1"),
    ] {
      for pass in Self.passes {
        let choice = ConvolutionChoice(shape, pass)
        #expect(choice.transform == nil)
        #expect(choice.reason == reason)
      }
    }
    // One image of four pixels: transforming the weights alone costs more.
    for pass in Self.passes { #expect(ConvolutionChoice(Self.shape(1, 2, 512, 512), pass).transform == nil) }
  }
}
