import Graphs
import KernelContract

/// A convolution of which only the maxima of disjoint 2x2 windows are kept: `Conv2D` with its bias, `MaxPool2D`, then the activation,
/// which must not decrease. Operands are those of the convolution → as one axis the maxima [N, OC, OH / 2, OW / 2], then with
/// `recordsPlaces` where each stands in its window, a whole number: 0 and 1 in the row above, 2 and 3 below, the first of equal ones. See
/// `Unpack`.
package struct Conv2DMaxPool: NotDifferentiable {
  package static let name = "conv2d_max_pool"
  /// The convolution with its epilogue, which has neither residual nor mask.
  package var forward: Conv2D
  /// The algorithm; nil: the direct one, unless weights that never change make another one worth it.
  package var transform: WinogradTransform?
  package var recordsPlaces: Bool

  package init(forward: Conv2D, transform: WinogradTransform?, recordsPlaces: Bool) {
    self.forward = forward
    self.transform = transform
    self.recordsPlaces = recordsPlaces
  }

  /// The only windows: disjoint ones of two by two.
  static let window = Window2D(kernel: [2, 2], stride: [2, 2])

  /// Algorithms with convolutions for them, with even and with odd extents, and the shapes of x and w.
  static let sampleShapes: [(transform: WinogradTransform?, forward: Conv2D, x: [Int], w: [Int])] = [
    (.f4x3, Conv2D(padding: Padding2D(1)), [2, 17, 8, 12], [19, 17, 3, 3]),
    (.f4x3, Conv2D(padding: Padding2D(1)), [3, 16, 7, 5], [32, 16, 3, 3]),
    (.f4x3, Conv2D(), [1, 20, 12, 9], [16, 20, 3, 3]),
    (.f2x3, Conv2D(padding: Padding2D(top: 1, bottom: 2, left: 0, right: 1)), [2, 33, 6, 7], [17, 33, 3, 3]),
    (.f2x5, Conv2D(padding: Padding2D(2)), [2, 16, 9, 6], [35, 16, 5, 5]),
    (nil, Conv2D(padding: Padding2D(1)), [2, 3, 9, 12], [19, 3, 3, 3]),
    (nil, Conv2D(), [3, 1, 12, 11], [32, 1, 5, 5]),
    (nil, Conv2D(stride: [2, 2], padding: Padding2D(3)), [1, 3, 21, 26], [18, 3, 7, 7]),
    (nil, Conv2D(padding: Padding2D(1), isPrecise: true), [1, 48, 15, 13], [17, 48, 3, 3]),
    (nil, Conv2D(stride: [2, 1], padding: Padding2D(1), dilation: [1, 2]), [2, 5, 11, 8], [6, 5, 3, 3]),
    (nil, Conv2D(padding: Padding2D(top: 0, bottom: 2, left: 2, right: 0), groups: 2), [2, 32, 6, 5], [32, 16, 2, 3]),
    (nil, Conv2D(stride: [2, 2]), [2, 20, 9, 6], [16, 20, 1, 1]),
    (nil, Conv2D(padding: Padding2D(1), isPrecise: true), [1, 48, 6, 5], [176, 48, 3, 3]),
  ]
  /// Convolutions with padding that is not zero: no kernel for the gradient of their data reads maxima.
  static let paddedSampleShapes: [(transform: WinogradTransform?, forward: Conv2D, x: [Int], w: [Int])] = [
    (nil, Conv2D(padding: Padding2D(1, mode: .reflect)), [2, 17, 7, 8], [20, 17, 3, 3]),
    (nil, Conv2D(stride: [2, 1], padding: Padding2D(2, mode: .replicate), groups: 3), [1, 9, 8, 7], [48, 3, 5, 3]),
  ]

  package static var samples: [Sample] {
    (sampleShapes + paddedSampleShapes).enumerated().flatMap { number, sample in
      [false, true].map { recordsPlaces in
        var forward = sample.forward
        if number > 0 { forward.epilogue = Epilogue(bias: true, activation: number == 2 ? .tanh : .relu) }
        let op = Self(forward: forward, transform: sample.transform, recordsPlaces: recordsPlaces)
        return Sample(op, shapes: [sample.x, sample.w] + (number > 0 ? [[sample.w[0]]] : []))
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try TensorType.list(shapes(maximaType(operands)))
  }

  private func shapes(_ maxima: TensorType) -> [[Int]] {
    recordsPlaces ? [maxima.shape, maxima.shape] : [maxima.shape]
  }

  /// The type of the maxima alone.
  private func maximaType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if forward.epilogue.residual || forward.epilogue.mask != .none {
      throw .attribute(name: "forward", reason: "maxima have neither residual nor mask")
    }
    return try Self.window.resultType(forward.resultType(operands))
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var sum = forward
    sum.epilogue.activation = .none
    let plain = sum.reference(operands)
    let windows = WindowPlaces(x: plain.shape, window: Self.window)
    var maxima = HostTensor(shape: windows.y, repeating: -.infinity)
    var places = HostTensor(shape: windows.y)
    let width = plain.shape[3]
    windows.forEachPlace { x, y, _ in
      // What is not a number wins, and keeps its place.
      guard !(plain.values[x] <= maxima.values[y]), !maxima.values[y].isNaN else { return }
      maxima.values[y] = plain.values[x]
      places.values[y] = Double(x / width % plain.shape[2] % 2 * 2 + x % width % 2)
    }
    maxima = Epilogue(activation: forward.epilogue.activation).reference(maxima, axis: 1, operands: [], from: 0)
    let values = maxima.values + (recordsPlaces ? places.values : [])
    return HostTensor(shape: [values.count], values: values)
  }

  /// The gradient of the convolution's output, of the shape `y`, from that of the maxima and the list that recorded their places.
  static func spread(_ gradient: HostTensor, list: HostTensor, to y: [Int]) -> HostTensor {
    var result = HostTensor(shape: y)
    WindowPlaces(x: y, window: window).forEachPlace { x, window, _ in
      let place = Double(x / y[3] % y[2] % 2 * 2 + x % y[3] % 2)
      if list.values[gradient.count + window] == place { result.values[x] = gradient.values[window] }
    }
    return result
  }
}

extension Conv2DMaxPool: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let bias = forward.epilogue.bias ? [Layout.computed(operands[2].type)] : []
    let weight = forward.weightLayout(operands[1].type.shape)
    let maxima = (try? maximaType(operands.map(\.type)).shape) ?? [0, 0, 0, 0]
    return LayoutDecision(
      operands: [transform == nil ? operands[0].imageOrBytes : operands[0].wholeImage, weight] + bias,
      result: Self.listLayout(maxima, withPlaces: recordsPlaces))
  }

  /// How maxima of that shape, and their places, lie.
  static func listLayout(_ maxima: [Int], withPlaces: Bool = true) -> Layout {
    let image = Layout.computed(TensorType(.float32, maxima))
    let places = Layout.byteImage(stride: Layout.rounded(maxima[1]))
    let parts = [Layout.Part(shape: maxima, layout: image), Layout.Part(shape: maxima, layout: places)]
    return .parts(Array(parts.prefix(withPlaces ? 2 : 1)))
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    position == 0 && transform == nil && forward.readsBytes(layout, x: operands[0].shape, w: operands[1].shape)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let w = site.operands[1].type.shape
    let shape = forward.kernelShape(x: site.operands[0], w: w, outputPixel: Layout.rounded(w[0]))
    let weightsAreFixed = site.fixedOperands.contains(1)
    let choice = ConvolutionChoice(
      shape, .forward, isPrecise: forward.isPrecise, weightsAreFixed: weightsAreFixed)
    let algorithm = transform ?? choice.transform
    let (x, weights, maxima) = (CallOperand.operand(0), CallOperand.operand(1), CallOperand.resultPart(byteOffset: 0))
    let places = recordsPlaces ? CallOperand.resultPart(byteOffset: try Self.placesOffset(site.result.layout)) : nil
    let calls =
      algorithm.map {
        shape.winogradConvolution(
          $0, isGradient: false, weightsAreFixed: weightsAreFixed, epilogue: forward.epilogue,
          pooling: recordsPlaces ? .recordedMaxima : .maxima
        ).calls(x: x, weights: weights, y: maxima, epilogueOperands: site.operands(from: 2), places: places)
      }
      ?? shape.maximaCalls(
        forward.epilogue, x: x, weights: weights, result: maxima, epilogueOperands: site.operands(from: 2),
        places: places)
    return Lowering(
      calls,
      note: forward.note(
        choice, shape, adding: ", 2x2 maxima\(recordsPlaces ? " and their places" : "") in its epilogue"))
  }

  /// Where the places start in such a list, in bytes.
  static func placesOffset(_ list: Layout) throws(LoweringError) -> Int {
    guard case .parts(let parts) = list, parts.count == 2 else {
      throw .noKernel(op: name, reason: "the maxima lie without their places")
    }
    return 4 * parts[0].size
  }
}
