import KernelContract

/// How far the results of one of Winograd's algorithms are from sums in float64, beside those of the direct convolution in float32.
package struct WinogradErrors: Sendable {
  /// The layer, the algorithm and the pass.
  package let name: String
  /// Root mean squares of the differences from float64, over that of the results.
  package let direct: Double
  package let winograd: Double
  package var ratio: Double { winograd / direct }

  /// Measures the three passes of layers as known networks have them, on numbers drawn from -1 ..< 1.
  package static func measure(_ set: InstructionSet, threads: Int, report: (WinogradErrors) -> Void) {
    for (channels, outputs, size, kernel) in [
      (64, 64, 56, 3), (128, 128, 28, 3), (256, 256, 14, 3), (512, 512, 7, 3), (512, 512, 28, 3), (64, 192, 27, 5),
    ] {
      let layer = ErrorLayer(
        channels: channels, outputs: outputs, size: size, kernel: kernel, table: set.kernelTable, threads: threads)
      for transform in WinogradTransform.allCases where transform.taps == kernel {
        layer.measure(transform, report: report)
      }
    }
  }
}

/// A convolution that keeps the size of its images, with numbers for all three passes.
private struct ErrorLayer {
  private enum Pass: String, CaseIterable { case forward, dx, dw }
  /// The operands of calls, by number.
  private enum Place {
    static let (x, weights, dy, result, workspace) = (0, 1, 2, 3, 4)
  }
  private static let images = 2
  /// The results of each pass that are compared.
  private static let samples = 500

  private let shape: Conv2DShape
  private let (size, kernel, margin): (Int, Int, Int)
  private let memory: BenchmarkMemory
  private let scratch: BenchmarkMemory
  private let table: KernelTable
  private let threads: Int

  init(channels: Int, outputs: Int, size: Int, kernel: Int, table: KernelTable, threads: Int) {
    self.size = size
    self.kernel = kernel
    self.table = table
    self.threads = threads
    margin = kernel / 2
    let axis = Conv2DShape.Axis(input: size, kernel: kernel, before: kernel / 2, after: kernel / 2)
    shape = Conv2DShape(
      batch: Self.images, height: axis, width: axis, inputs: channels, outputs: outputs, inputPixel: channels,
      outputPixel: outputs)
    let pixels = Self.images * size * size
    let counts = [pixels * channels, shape.weightCount, pixels * outputs]
    var sequences: [KernelSequence] = []
    for pass in Pass.allCases {
      sequences.append(Self.calls(shape, pass, nil))
      for transform in WinogradTransform.allCases where transform.taps == kernel {
        sequences.append(Self.calls(shape, pass, transform))
      }
    }
    memory = BenchmarkMemory(
      zeros: (counts + [counts.max() ?? 0]).map { 4 * $0 } + [(sequences.map(\.workspaceBytes).max() ?? 0) + 64])
    let scratchBytes = sequences.flatMap(\.calls).map(\.parameters.scratchBytes).max() ?? 0
    scratch = BenchmarkMemory(zeros: (0..<threads).map { _ in scratchBytes + 64 })
    for (operand, count) in counts.enumerated() {
      let numbers = floats(operand)
      for index in 0..<count {
        numbers[index] = Float(Int32(truncatingIfNeeded: mixed(index, operand) >> 32)) * 0x1p-31
      }
    }
  }

  func measure(_ transform: WinogradTransform, report: (WinogradErrors) -> Void) {
    for pass in Pass.allCases {
      let exact = samples(pass).map { truth(pass, $0) }
      func error(_ transform: WinogradTransform?) -> Double {
        let found = results(pass, transform)
        let squares = zip(found, exact).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
        return (squares / exact.reduce(0) { $0 + $1 * $1 }).squareRoot()
      }
      let name = "\(shape.inputs)x\(shape.outputs) \(size)x\(size) \(transform.title) \(pass.rawValue)"
      report(WinogradErrors(name: name, direct: error(nil), winograd: error(transform)))
    }
  }

  private func floats(_ operand: Int) -> UnsafeMutablePointer<Float> {
    memory.addresses[operand].assumingMemoryBound(to: Float.self)
  }

  /// Where in a pass's results the compared ones lie.
  private func samples(_ pass: Pass) -> [Int] {
    let count =
      pass == .dw ? shape.weightCount : Self.images * size * size * (pass == .dx ? shape.inputs : shape.outputs)
    return (0..<Self.samples).map { Int(mixed($0, 7) % UInt64(count)) }
  }

  /// Runs a pass, directly without a transform, and gives its samples.
  private func results(_ pass: Pass, _ transform: WinogradTransform?) -> [Float] {
    for call in Self.calls(shape, pass, transform).calls {
      let bound = BoundCall(
        call, table: table, memory: memory, resultIndex: Place.result, scratch: scratch.addresses)
      _ = bound.run(threads: threads)
    }
    let result = floats(Place.result)
    return samples(pass).map { result[$0] }
  }

  private static func calls(_ shape: Conv2DShape, _ pass: Pass, _ transform: WinogradTransform?) -> KernelSequence {
    let (x, weights, dy) = (
      CallOperand.operand(Place.x), CallOperand.operand(Place.weights), CallOperand.operand(Place.dy)
    )
    switch (pass, transform) {
    case (.forward, nil):
      return shape.forwardCalls(Epilogue(), x: x, weights: weights, result: .result, epilogueOperands: [])
    case (.dx, nil):
      return shape.dataGradientCalls(Epilogue(), dy: dy, weights: weights, result: .result, epilogueOperands: [])
    case (.dw, nil): return shape.weightGradientCalls(.none, x: x, dy: dy, destination: [.result])
    case (.dw, let transform?):
      return WinogradWeightGradientParameters.calls(
        shape.winogradWeightGradient(transform), update: .none, x: x, dy: dy, destination: [.result])
    case (_, let transform?):
      return shape.winogradConvolution(transform, isGradient: pass == .dx, epilogue: Epilogue()).calls(
        x: pass == .dx ? dy : x, weights: weights, y: .result, epilogueOperands: [])
    }
  }

  /// One result as its definition says, in float64.
  private func truth(_ pass: Pass, _ index: Int) -> Double {
    let (x, weights, dy) = (floats(Place.x), floats(Place.weights), floats(Place.dy))
    let (inputs, outputs) = (shape.inputs, shape.outputs)
    func weight(_ output: Int, _ tap: Int, _ input: Int) -> Int {
      ((output / 16 * kernel * kernel + tap) * inputs + input) * 16 + output % 16
    }
    /// The pixel so many rows and columns further; nil outside of the image.
    func pixel(_ start: Int, _ down: Int, _ right: Int) -> Int? {
      let (row, column) = (start / size % size + down, start % size + right)
      guard 0..<size ~= row, 0..<size ~= column else { return nil }
      return start / (size * size) * size * size + row * size + column
    }
    var sum = 0.0
    switch pass {
    case .forward, .dx:
      let isForward = pass == .forward
      let channels = isForward ? outputs : inputs
      let (start, channel) = (index / channels, index % channels)
      for tap in 0..<kernel * kernel {
        let (down, right) = (tap / kernel - margin, tap % kernel - margin)
        guard let from = isForward ? pixel(start, down, right) : pixel(start, -down, -right) else { continue }
        if isForward {
          for input in 0..<inputs {
            sum += Double(x[from * inputs + input]) * Double(weights[weight(channel, tap, input)])
          }
        } else {
          for output in 0..<outputs {
            sum += Double(dy[from * outputs + output]) * Double(weights[weight(output, tap, channel)])
          }
        }
      }
    case .dw:
      let (input, output) = (index / 16 % inputs, index / (16 * inputs * kernel * kernel) * 16 + index % 16)
      let tap = index / (16 * inputs) % (kernel * kernel)
      for to in 0..<Self.images * size * size {
        guard let from = pixel(to, tap / kernel - margin, tap % kernel - margin) else { continue }
        sum += Double(dy[to * outputs + output]) * Double(x[from * inputs + input])
      }
    }
    return sum
  }
}

/// A number of 64 bits that looks random, for each position of each stream (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
private func mixed(_ index: Int, _ stream: Int) -> UInt64 {
  var z = UInt64(truncatingIfNeeded: index &+ stream << 40) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
