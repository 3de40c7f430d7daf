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
  package var transform: WinogradTransform
  package var recordsPlaces: Bool

  package init(forward: Conv2D, transform: WinogradTransform, recordsPlaces: Bool) {
    self.forward = forward
    self.transform = transform
    self.recordsPlaces = recordsPlaces
  }

  /// The only windows: disjoint ones of two by two.
  static let window = Window2D(kernel: [2, 2], stride: [2, 2])

  /// Algorithms with convolutions for them, with even and with odd extents, and the shapes of x and w.
  static let sampleShapes: [(transform: WinogradTransform, forward: Conv2D, x: [Int], w: [Int])] = [
    (.f4x3, Conv2D(padding: Padding2D(1)), [2, 17, 8, 12], [19, 17, 3, 3]),
    (.f4x3, Conv2D(padding: Padding2D(1)), [3, 16, 7, 5], [32, 16, 3, 3]),
    (.f4x3, Conv2D(), [1, 20, 12, 9], [16, 20, 3, 3]),
    (.f2x3, Conv2D(padding: Padding2D(top: 1, bottom: 2, left: 0, right: 1)), [2, 33, 6, 7], [17, 33, 3, 3]),
    (.f2x5, Conv2D(padding: Padding2D(2)), [2, 16, 9, 6], [35, 16, 5, 5]),
  ]

  package static var samples: [Sample] {
    sampleShapes.enumerated().flatMap { number, sample in
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
      guard plain.values[x] > maxima.values[y] else { return }
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
      operands: [operands[0].wholeImage, weight] + bias, result: Self.listLayout(maxima, withPlaces: recordsPlaces))
  }

  /// How maxima of that shape, and their places, lie.
  static func listLayout(_ maxima: [Int], withPlaces: Bool = true) -> Layout {
    let image = Layout.computed(TensorType(.float32, maxima))
    let places = Layout.byteImage(stride: Layout.rounded(maxima[1]))
    let parts = [Layout.Part(shape: maxima, layout: image), Layout.Part(shape: maxima, layout: places)]
    return .parts(Array(parts.prefix(withPlaces ? 2 : 1)))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let w = site.operands[1].type.shape
    let shape = forward.kernelShape(
      x: site.operands[0].type.shape, w: w, inputPixel: site.operands[0].rowStride, outputPixel: Layout.rounded(w[0]))
    let parameters = shape.winogradConvolution(
      transform, isGradient: false, weightsAreFixed: site.fixedOperands.contains(1), epilogue: forward.epilogue,
      pooling: recordsPlaces ? .recordedMaxima : .maxima)
    let places = recordsPlaces ? CallOperand.resultPart(byteOffset: try Self.placesOffset(site.result.layout)) : nil
    let calls = parameters.calls(
      x: .operand(0), weights: .operand(1), y: .resultPart(byteOffset: 0),
      epilogueOperands: site.operands(from: 2), places: places)
    return Lowering(
      calls, note: "\(transform.title), 2x2 maxima\(recordsPlaces ? " and their places" : "") in its epilogue")
  }

  /// Where the places start in such a list, in bytes.
  static func placesOffset(_ list: Layout) throws(LoweringError) -> Int {
    guard case .parts(let parts) = list, parts.count == 2 else {
      throw .noKernel(op: name, reason: "the maxima lie without their places")
    }
    return 4 * parts[0].size
  }
}
