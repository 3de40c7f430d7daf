import KernelContract

/// What becomes of the numbers of an image as they are loaded; a type, because a closure of it would not be inlined.
protocol PixelLoading {
  /// Whether pixels outside of the image need nothing but to be read as zeros.
  var keepsZeros: Bool { get }
  /// A vector of a pixel's channels from number `channel` on.
  func value(_ x: Vector, channel: Int) -> Vector
}

struct PlainPixels: PixelLoading {
  @inline(__always) var keepsZeros: Bool { true }
  @inline(__always) func value(_ x: Vector, channel: Int) -> Vector { x }
}

/// `InputNormalization` with the addresses of its operands.
struct NormalizedPixels: PixelLoading {
  @inline(__always) var keepsZeros: Bool { false }
  let scale: UnsafePointer<Float>
  let shift: UnsafePointer<Float>
  /// What is smaller becomes this: zero, or nothing is.
  let least: Float

  /// Nil where nothing is normalised. Takes its operands from a call's, starting with number `first`.
  init?(_ normalization: InputNormalization, _ context: borrowing KernelContext, first: Int) {
    switch normalization {
    case .none: return nil
    case .linear: least = -.infinity
    case .rectified: least = 0
    }
    scale = UnsafePointer(context.floats(first))
    shift = UnsafePointer(context.floats(first + 1))
  }

  /// The same of pixels that start with a later channel.
  @inline(__always) func from(_ channel: Int) -> Self {
    Self(scale: scale + channel, shift: shift + channel, least: least)
  }

  private init(scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, least: Float) {
    (self.scale, self.shift, self.least) = (scale, shift, least)
  }

  @inline(__always) func value(_ x: Vector, channel: Int) -> Vector {
    maximum(fma(x, scale.vector(at: channel), shift.vector(at: channel)), Vector(repeating: least))
  }

  /// A number of channel `channel`.
  @inline(__always) func value(_ x: Float, channel: Int) -> Float {
    let value = shift[channel].addingProduct(x, scale[channel])
    return value < least ? least : value
  }
}
