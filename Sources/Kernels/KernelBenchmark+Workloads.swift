import KernelContract

extension KernelBenchmark {
  /// Square products, and the layers of known networks: forward, gradient of the input, gradient of the weights.
  package static func all(_ unit: ArithmeticUnit) -> [KernelBenchmark] {
    var all: [KernelBenchmark] = []
    for size in [256, 512, 1024, 4096] { all += product(size, unit) }
    func linear(_ name: String, rows: Int, inputs: Int, outputs: Int) -> [KernelBenchmark] {
      self.linear(name, unit, rows: rows, inputs: inputs, outputs: outputs)
    }
    all += linear("mlp 784x128", rows: 64, inputs: 784, outputs: 128)
    all += linear("mlp 49152x1024", rows: 32, inputs: 49_152, outputs: 1024)
    all += linear("t5 512x2048", rows: 1024, inputs: 512, outputs: 2048)
    all += linear("alexnet fc6", rows: 32, inputs: 9216, outputs: 4096)
    all += convolution("digits conv1", batch: 64, inputs: 1, size: 28, outputs: 32, kernel: 3, padding: 1, tight: true)
    all += convolution("digits conv2", batch: 64, inputs: 32, size: 28, outputs: 64, kernel: 3, padding: 1)
    all += convolution(
      "resnet stem", batch: 8, inputs: 3, size: 224, outputs: 64, kernel: 7, stride: 2, padding: 3, tight: true)
    all += convolution("resnet 64", batch: 16, inputs: 64, size: 56, outputs: 64, kernel: 3, padding: 1)
    all += convolution("resnet 64/2", batch: 16, inputs: 64, size: 56, outputs: 128, kernel: 3, stride: 2, padding: 1)
    all += convolution("resnet 64/2 1x1", batch: 16, inputs: 64, size: 56, outputs: 128, kernel: 1, stride: 2)
    all += convolution("resnet 128", batch: 16, inputs: 128, size: 28, outputs: 128, kernel: 3, padding: 1)
    all += convolution("resnet 256", batch: 16, inputs: 256, size: 14, outputs: 256, kernel: 3, padding: 1)
    all += convolution("resnet 512", batch: 16, inputs: 512, size: 7, outputs: 512, kernel: 3, padding: 1)
    all += convolution("vgg 64", batch: 2, inputs: 64, size: 224, outputs: 64, kernel: 3, padding: 1)
    all += convolution("vgg 512", batch: 8, inputs: 512, size: 28, outputs: 512, kernel: 3, padding: 1)
    all += convolution(
      "alexnet conv1", batch: 16, inputs: 3, size: 224, outputs: 64, kernel: 11, stride: 4, padding: 2, tight: true)
    all += convolution("alexnet conv2", batch: 16, inputs: 64, size: 27, outputs: 192, kernel: 5, padding: 2)
    all += convolution("alexnet conv3", batch: 16, inputs: 192, size: 13, outputs: 384, kernel: 3, padding: 1)
    all += convolution(
      "depthwise 128", batch: 16, inputs: 1, size: 56, outputs: 1, kernel: 3, padding: 1, groups: 128)
    return all
  }

  /// Rows lie as those of activations do: off the multiples of 4096 bytes at which they would share a cache set.
  private static func product(_ size: Int, _ unit: ArithmeticUnit) -> [KernelBenchmark] {
    let stride = size % 1024 == 0 ? size + 16 : size
    let parameters = MatrixProductParameters(
      rows: size, columns: size, depth: size, a: .rowMajor(stride), b: .panels(rows: size), cRowStride: stride,
      epilogue: Epilogue())
    let call = KernelCall(parameters, operands: [.operand(0), .operand(1), .result])
    func benchmark(_ name: String, _ sequence: KernelSequence) -> KernelBenchmark {
      KernelBenchmark(
        name: name, sequence: sequence, operandCounts: [size * stride, size * size, size * stride],
        flops: parameters.flops)
    }
    let vectors = benchmark("product \(size)", KernelSequence([call]))
    let shape = LinearShape(
      rows: size, inputs: size, outputs: size, inputRow: stride, outputRow: stride, unit: unit)
    let chosen = shape.forwardCalls(
      Epilogue(), x: .operand(0), weights: .operand(1), result: .result, epilogueOperands: [])
    return chosen.calls.count == 1 ? [vectors] : [vectors, benchmark("product \(size) tiles", chosen)]
  }

  private static func linear(
    _ name: String, _ unit: ArithmeticUnit, rows: Int, inputs: Int, outputs: Int
  ) -> [KernelBenchmark] {
    let shape = LinearShape(
      rows: rows, inputs: inputs, outputs: outputs, inputRow: ceilingQuotient(inputs, 16) * 16,
      outputRow: ceilingQuotient(outputs, 16) * 16, unit: unit)
    return three(
      name, flops: 2 * Double(rows) * Double(inputs) * Double(outputs), x: rows * shape.inputRow,
      weights: shape.weightCount, dy: rows * shape.outputRow,
      forward: shape.forwardCalls(
        Epilogue(), x: .operand(0), weights: .operand(1), result: .operand(2), epilogueOperands: []),
      dataGradient: shape.dataGradientCalls(
        Epilogue(), dy: .operand(2), weights: .operand(1), result: .operand(0), epilogueOperands: []),
      weightGradient: shape.weightGradientCalls(.none, x: .operand(0), dy: .operand(2), destination: [.operand(1)]),
      update: shape.weightGradientCalls(
        .sgd(momentum: 0.9), x: .operand(0), dy: .operand(2),
        destination: (1...5).filter { $0 != 2 }.map { .operand($0) }))
  }

  private static func convolution(
    _ name: String, batch: Int, inputs: Int, size: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    groups: Int = 1, tight: Bool = false
  ) -> [KernelBenchmark] {
    let axis = Conv2DShape.Axis(input: size, kernel: kernel, stride: stride, before: padding, after: padding)
    let shape = Conv2DShape(
      batch: batch, height: axis, width: axis, inputs: inputs, outputs: outputs, groups: groups,
      inputPixel: tight ? inputs : ceilingQuotient(groups * inputs, 16) * 16,
      outputPixel: ceilingQuotient(groups * outputs, 16) * 16)
    let direct = three(
      name, flops: shape.flops, x: batch * size * size * shape.inputPixel, weights: shape.weightCount,
      dy: batch * axis.output * axis.output * shape.outputPixel,
      forward: shape.forwardCalls(
        Epilogue(bias: true, activation: .relu), x: .operand(0), weights: .operand(1), result: .operand(2),
        epilogueOperands: [.operand(3)]),
      dataGradient: tight
        ? nil
        : shape.dataGradientCalls(
          Epilogue(), dy: .operand(2), weights: .operand(1), result: .operand(0), epilogueOperands: []),
      weightGradient: shape.weightGradientCalls(.none, x: .operand(0), dy: .operand(2), destination: [.operand(1)]),
      update: nil)
    return direct + winograd(name, shape, operandCounts: direct[0].operandCounts)
  }

  /// The passes for which a plan would choose one of Winograd's algorithms, by it; flops are those of the direct ones.
  private static func winograd(_ name: String, _ shape: Conv2DShape, operandCounts: [Int]) -> [KernelBenchmark] {
    let passes: [(ConvolutionChoice.Pass, String)] = [
      (.forward, "forward"), (.dataGradient, "dx"), (.weightGradient, "dw"),
    ]
    return passes.compactMap { pass, kind in
      guard let transform = ConvolutionChoice(shape, pass).transform else { return nil }
      let sequence: KernelSequence
      switch pass {
      case .forward:
        let epilogue = Epilogue(bias: true, activation: .relu)
        sequence = shape.winogradConvolution(transform, isGradient: false, epilogue: epilogue).calls(
          x: .operand(0), weights: .operand(1), y: .operand(2), epilogueOperands: [.operand(3)])
      case .dataGradient:
        sequence = shape.winogradConvolution(transform, isGradient: true, epilogue: Epilogue()).calls(
          x: .operand(2), weights: .operand(1), y: .operand(0), epilogueOperands: [])
      case .weightGradient:
        sequence = WinogradWeightGradientParameters.calls(
          shape.winogradWeightGradient(transform), update: .none, x: .operand(0), dy: .operand(2),
          destination: [.operand(1)])
      }
      return KernelBenchmark(
        name: "\(name) winograd \(kind)", sequence: sequence, operandCounts: operandCounts, flops: shape.flops)
    }
  }

  /// Operands: input, weights, output, then of an update: momentum, learning rate, step.
  private static func three(
    _ name: String, flops: Double, x: Int, weights: Int, dy: Int, forward: KernelSequence,
    dataGradient: KernelSequence?, weightGradient: KernelSequence, update: KernelSequence?
  ) -> [KernelBenchmark] {
    let counts = [x, weights, dy, weights, 16, 16]
    func benchmark(_ kind: String, _ sequence: KernelSequence?) -> [KernelBenchmark] {
      guard let sequence else { return [] }
      return [KernelBenchmark(name: "\(name) \(kind)", sequence: sequence, operandCounts: counts, flops: flops)]
    }
    return benchmark("forward", forward) + benchmark("dx", dataGradient) + benchmark("dw", weightGradient)
      + benchmark("dw+sgd", update)
  }
}
