import KernelContract
import Kernels
import Testing

/// A convolution of random tensors, with its output and gradients in float64 by plain loops.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  var shape: Conv2DShape
  var testDescription: String {
    let (h, w) = (shape.height, shape.width)
    return
      "\(shape.batch)x\(shape.groups)x\(shape.inputs)x\(h.input)x\(w.input) -> \(shape.outputs), kernel \(h.kernel)x\(w.kernel), "
      + "stride \(h.stride),\(w.stride) pad \(h.before),\(h.after),\(w.before),\(w.after) dilation \(h.dilation),\(w.dilation) "
      + "\(shape.padding)"
  }

  /// A square convolution with the strides of tensors that a plan gives.
  init(
    _ n: Int, _ c: Int, _ size: Int, _ o: Int, k: Int = 3, s: Int = 1, p: Int = 0, d: Int = 1, g: Int = 1,
    width: Conv2DShape.Axis? = nil, mode: Conv2DShape.Padding = .zeros, tight: Bool = false
  ) {
    let axis = Conv2DShape.Axis(input: size, kernel: k, stride: s, before: p, after: p, dilation: d)
    shape = Conv2DShape(
      batch: n, height: axis, width: width ?? axis, inputs: c, outputs: o, groups: g, padding: mode,
      inputPixel: tight ? c * g : ceilingQuotient(c * g, 16) * 16, outputPixel: ceilingQuotient(o * g, 16) * 16)
  }

  var inputPixels: Int { shape.batch * shape.height.input * shape.width.input }
  var outputPixels: Int { shape.batch * shape.height.output * shape.width.output }
  var inputChannels: Int { shape.groups * shape.inputs }
  var outputChannels: Int { shape.groups * shape.outputs }

  /// Calls `body` with the tight indices of every product: input, output, PyTorch's weight.
  func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    let s = shape
    let (oh, ow) = (s.height.output, s.width.output)
    for n in 0..<s.batch {
      for y in 0..<oh {
        for x in 0..<ow {
          for ky in 0..<s.height.kernel {
            for kx in 0..<s.width.kernel {
              guard
                let iy = pixel(y * s.height.stride + ky * s.height.dilation - s.height.before, s.height.input),
                let ix = pixel(x * s.width.stride + kx * s.width.dilation - s.width.before, s.width.input)
              else { continue }
              for g in 0..<s.groups {
                for o in 0..<s.outputs {
                  for c in 0..<s.inputs {
                    body(
                      ((n * s.height.input + iy) * s.width.input + ix) * inputChannels + g * s.inputs + c,
                      ((n * oh + y) * ow + x) * outputChannels + g * s.outputs + o,
                      (((g * s.outputs + o) * s.inputs + c) * s.height.kernel + ky) * s.width.kernel + kx)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private func pixel(_ i: Int, _ extent: Int) -> Int? {
    if i >= 0 && i < extent { return i }
    switch shape.padding {
    case .zeros: return nil
    case .replicate: return min(max(i, 0), extent - 1)
    case .reflect: return i < 0 ? -i : 2 * extent - 2 - i
    }
  }
}

@Suite struct ConvolutionTests {
  static let cases: [ConvolutionCase] = [
    .init(2, 3, 9, 10, p: 1, tight: true), .init(1, 1, 28, 20, k: 5, tight: true), .init(3, 16, 7, 64, p: 1),
    .init(2, 20, 8, 20, k: 3, s: 2, p: 1), .init(1, 5, 23, 64, k: 11, s: 4, p: 2, tight: true),
    .init(2, 33, 6, 1, p: 1),
    .init(1, 16, 13, 40, k: 3, p: 2, d: 2), .init(2, 16, 9, 17, k: 3, s: 3, p: 1, d: 2), .init(2, 32, 5, 48, k: 1),
    .init(2, 20, 9, 30, k: 1, s: 2), .init(1, 512, 4, 32, p: 1), .init(5, 16, 2, 16, p: 1), .init(3, 8, 1, 8, p: 1),
    .init(2, 6, 6, 5, k: 3, p: 1, g: 2), .init(1, 16, 7, 32, k: 3, s: 2, p: 1, g: 2), .init(2, 4, 5, 16, k: 2, g: 4),
    .init(2, 1, 8, 1, p: 1, g: 20), .init(2, 1, 9, 1, p: 2, d: 2, g: 48), .init(1, 1, 9, 1, s: 2, p: 1, g: 33),
    .init(1, 1, 7, 2, k: 3, s: 2, p: 1, g: 9), .init(2, 3, 7, 12, p: 2, mode: .reflect),
    .init(1, 16, 6, 16, s: 2, p: 1, mode: .replicate), .init(1, 1, 6, 1, p: 1, g: 16, mode: .reflect),
    .init(
      2, 7, 10, 18, k: 4, s: 2, p: 1,
      width: .init(input: 15, kernel: 5, stride: 1, before: 0, after: 3, dilation: 2)),
    .init(1, 130, 6, 36, k: 3, p: 1), .init(2, 64, 15, 130, p: 1),
    // Sums that are cut, rows of pixels that do not fill tiles, and a gap between pixels.
    .init(2, 300, 7, 20, p: 1), .init(1, 256, 14, 20, s: 2, p: 1),
  ]

  @Test("output with bias and ReLU", arguments: cases, instructionSets)
  func forward(_ c: ConvolutionCase, _ set: InstructionSet) {
    let s = c.shape
    let x = Buffer.random(c.inputPixels * c.inputChannels, seed: 1)
    let w = Buffer.random(c.outputChannels * s.inputs * s.taps, seed: 2)
    let bias = Buffer.random(s.outputPixel, seed: 3)
    var sums = [Sum](repeating: Sum(), count: c.outputPixels * c.outputChannels)
    c.forEachProduct { i, o, k in sums[o].add(x[i], w[k]) }
    let packed = Buffer(s.weightCount)
    run(s.packing(.pack), set, [w, packed])
    let sequence = s.forwardCalls(
      Epilogue(bias: true, activation: .relu), x: .operand(0), weights: .operand(1), result: .result,
      epilogueOperands: [.operand(2)])
    let wide = x.spread(rows: c.inputPixels, columns: c.inputChannels, stride: s.inputPixel)
    let first = Self.check(rows: c.outputPixels, columns: c.outputChannels, stride: s.outputPixel) { result, parts in
      run(sequence, set, operands: [wide, packed, bias], result: result, parts: parts)
    }
    for i in first.indices {
      var sum = sums[i]
      sum.add(bias[i % c.outputChannels])
      sum.value = max(sum.value, 0)
      if !sum.isNear(first[i]) {
        Issue.record("element \(i): \(first[i]) instead of \(sum.value)")
        return
      }
    }
  }

  @Test("gradient of the input, masked", arguments: cases, instructionSets)
  func dataGradient(_ original: ConvolutionCase, _ set: InstructionSet) {
    var c = original
    c.shape.inputPixel = ceilingQuotient(c.inputChannels, 16) * 16
    let s = c.shape
    let dy = Buffer.random(c.outputPixels * c.outputChannels, seed: 1)
    let w = Buffer.random(c.outputChannels * s.inputs * s.taps, seed: 2)
    let mask = Buffer.random(c.inputPixels * s.inputPixel, seed: 3)
    var sums = [Sum](repeating: Sum(), count: c.inputPixels * c.inputChannels)
    c.forEachProduct { i, o, k in sums[i].add(dy[o], w[k]) }
    let packed = Buffer(s.weightCount)
    run(s.packing(.pack), set, [w, packed])
    let sequence = s.dataGradientCalls(
      Epilogue(mask: .values), dy: .operand(0), weights: .operand(1), result: .result, epilogueOperands: [.operand(2)])
    let wide = dy.spread(rows: c.outputPixels, columns: c.outputChannels, stride: s.outputPixel)
    let first = Self.check(rows: c.inputPixels, columns: c.inputChannels, stride: s.inputPixel) { result, parts in
      run(sequence, set, operands: [wide, packed, mask], result: result, parts: parts)
    }
    for i in first.indices {
      let isOpen = mask[i / c.inputChannels * s.inputPixel + i % c.inputChannels] > 0
      if isOpen ? !sums[i].isNear(first[i]) : first[i] != 0 {
        Issue.record("element \(i): \(first[i]) instead of \(sums[i].value), mask \(isOpen)")
        return
      }
    }
  }

  @Test("gradient of the weights, stored and as an update", arguments: cases, instructionSets)
  func weightGradient(_ c: ConvolutionCase, _ set: InstructionSet) {
    let s = c.shape
    let x = Buffer.random(c.inputPixels * c.inputChannels, seed: 1)
    let dy = Buffer.random(c.outputPixels * c.outputChannels, seed: 2)
    let count = c.outputChannels * s.inputs * s.taps
    var sums = [Sum](repeating: Sum(), count: count)
    c.forEachProduct { i, o, k in sums[k].add(x[i], dy[o]) }
    let wideX = x.spread(rows: c.inputPixels, columns: c.inputChannels, stride: s.inputPixel)
    let wideDY = dy.spread(rows: c.outputPixels, columns: c.outputChannels, stride: s.outputPixel)
    let old = Buffer.random(s.weightCount, seed: 3)
    for update in [OptimizerUpdate.none, .sgd()] {
      let sequence = s.weightGradientCalls(
        update, x: .operand(0), dy: .operand(1),
        destination: update.kind == .none ? [.result] : [.result, .operand(2), .operand(3)])
      let first = Self.check(rows: 1, columns: s.weightCount, stride: s.weightCount) { result, parts in
        for i in 0..<old.count { result.floats[i] = old[i] }
        run(sequence, set, operands: [wideX, wideDY, Buffer([0.5]), Buffer([0])], result: result, parts: parts)
      }
      let packed = Buffer(first)
      let unpacked = Buffer(count)
      let oldUnpacked = Buffer(count)
      run(s.packing(.unpack), set, [packed, unpacked])
      run(s.packing(.unpack), set, [old, oldUnpacked])
      for i in 0..<count {
        var sum = sums[i]
        if update.kind == .sgd {
          sum = Sum(value: Double(oldUnpacked[i]) - 0.5 * sum.value, magnitude: sum.magnitude + 1)
        }
        if !sum.isNear(unpacked[i]) {
          Issue.record("element \(i): \(unpacked[i]) instead of \(sum.value)")
          return
        }
      }
      // Lanes beyond the last output stay zero, so that optimizers leave them alone.
      if update.kind == .none {
        let again = Buffer(s.weightCount)
        run(s.packing(.pack), set, [unpacked, again])
        #expect(again.values == first)
      }
    }
  }

  /// The meaningful elements of a result, the same for 1 to 4 parts of the items.
  static func check(
    rows: Int, columns: Int, stride: Int, _ body: (Buffer, Int) -> Void
  ) -> [Float] {
    var first: [Float] = []
    for parts in 1...4 {
      let result = Buffer(rows * stride)
      body(result, parts)
      var values: [Float] = []
      values.reserveCapacity(rows * columns)
      for r in 0..<rows { for c in 0..<columns { values.append(result[r * stride + c]) } }
      if parts == 1 { first = values } else { #expect(values == first, "\(parts) parts") }
    }
    return first
  }
}
