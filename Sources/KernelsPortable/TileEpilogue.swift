import KernelContract

/// An epilogue with the addresses of its operands, ready to be applied to tiles of the result.
struct TileEpilogue {
  let flags: Epilogue
  /// Whether the micro-kernel itself does it: a bias to start from, and ReLU at the end.
  let isInRegisters: Bool
  /// Null where the flag is not set.
  let bias: UnsafePointer<Float>?
  let residual: UnsafePointer<Float>?
  let mask: UnsafePointer<Float>?
  /// What the mask's numbers become first.
  let maskNormalization: NormalizedPixels?

  /// Takes its operands from a call's, starting with number `first`.
  init(_ flags: Epilogue, _ context: borrowing KernelContext, first: Int) {
    let operands = context.operands
    self.flags = flags
    isInRegisters =
      !flags.residual && flags.mask == .none && (flags.activation == .none || flags.activation == .relu)
    var next = first
    func take(_ wanted: Bool) -> UnsafePointer<Float>? {
      guard wanted else { return nil }
      next += 1
      return UnsafePointer(operands[next - 1].assumingMemoryBound(to: Float.self))
    }
    bias = take(flags.bias)
    residual = take(flags.residual)
    mask = take(flags.mask != .none)
    maskNormalization = NormalizedPixels(flags.mask == .normalizedValues ? .linear : .none, context, first: next)
  }

  /// Has the micro-kernel do all or nothing of it for a tile that starts in `column`: of a sum that is cut, the first part starts
  /// with the bias, and the last alone knows what is negative.
  @inline(__always)
  func prepare(_ shape: inout Contraction, column: Int, isLast: Bool = true) {
    shape.bias = isInRegisters ? bias.map { $0 + column } : nil
    shape.rectifies = isInRegisters && isLast && flags.activation == .relu
  }

  /// Applies it in place to `rows` × `panels` vectors of the result: the first at `offset`, in column `column`.
  @inline(__always)
  func apply(
    _ result: UnsafeMutablePointer<Float>, offset: Int, column: Int, rows: Int, panels: Int, rowStride: Int
  ) {
    move(
      UnsafePointer(result + offset), sourceRow: rowStride, sourcePanel: lanes, to: result, offset: offset,
      column: column, rows: rows, panels: panels, rowStride: rowStride)
  }

  /// Applies it to `rows` × `panels` vectors of sums on their way to the result.
  @inline(never)
  func move(
    _ source: UnsafePointer<Float>, sourceRow: Int, sourcePanel: Int, to result: UnsafeMutablePointer<Float>,
    offset: Int, column: Int, rows: Int, panels: Int, rowStride: Int
  ) {
    for p in 0..<panels {
      let b = bias.map { $0.vector(at: column + p * lanes) } ?? .zero
      for r in 0..<rows {
        let at = offset + r * rowStride + p * lanes
        result.store(
          value(source.vector(at: r * sourceRow + p * sourcePanel), bias: b, at: at, channel: column + p * lanes),
          at: at)
      }
    }
  }

  /// The epilogue of one vector, whose residual and mask lie at `offset` and whose columns start with `channel`.
  @inline(__always)
  func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector {
    var x = sum + bias
    if let residual { x += residual.vector(at: offset) }
    switch flags.activation {
    case .none: break
    case .relu: x = maximum(x, Vector(repeating: 0))
    case .sigmoid: x = sigmoid(x)
    case .tanh: x = hyperbolicTangent(x)
    }
    if let mask {
      var y = mask.vector(at: offset)
      if let maskNormalization { y = maskNormalization.value(y, channel: channel) }
      x = Vector.zero.replacing(with: x, where: y .> Vector.zero)
    }
    return x
  }
}
