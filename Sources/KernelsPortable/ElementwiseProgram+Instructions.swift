import KernelContract

private typealias Register = UnsafeMutablePointer<Float>

@inline(__always) private func map(_ to: Register, _ a: Register, _ count: Int, _ f: (Vector) -> Vector) {
  var i = 0
  while i < count {
    to.store(f(a.vector(at: i)), at: i)
    i += lanes
  }
}

@inline(__always) private func map(
  _ to: Register, _ a: Register, _ b: Register, _ count: Int, _ f: (Vector, Vector) -> Vector
) {
  var i = 0
  while i < count {
    to.store(f(a.vector(at: i), b.vector(at: i)), at: i)
    i += lanes
  }
}

@inline(__always) private func map(
  _ to: Register, _ a: Register, _ b: Register, _ c: Register, _ count: Int, _ f: (Vector, Vector, Vector) -> Vector
) {
  var i = 0
  while i < count {
    to.store(f(a.vector(at: i), b.vector(at: i), c.vector(at: i)), at: i)
    i += lanes
  }
}

// Closures that capture vectors or compare are not always inlined: hence the immediates as arguments, and the names below.

@inline(__always) private func map(
  _ to: Register, _ a: Register, _ m: Vector, _ k: Vector, _ count: Int, _ f: (Vector, Vector, Vector) -> Vector
) {
  var i = 0
  while i < count {
    to.store(f(a.vector(at: i), m, k), at: i)
    i += lanes
  }
}

@inline(__always) private func map(
  _ to: Register, _ a: Register, _ b: Register, _ m: Vector, _ count: Int, _ f: (Vector, Vector, Vector) -> Vector
) {
  var i = 0
  while i < count {
    to.store(f(a.vector(at: i), b.vector(at: i), m), at: i)
    i += lanes
  }
}

@_transparent private func indicator(_ mask: SIMDMask<SIMD16<Int32>>) -> Vector { select(mask, splat(1), splat(0)) }

@_transparent private func sign(_ x: Vector) -> Vector { indicator(x .> splat(0)) - indicator(x .< splat(0)) }
@_transparent private func leakyReLU(_ x: Vector, _ m: Vector, _ k: Vector) -> Vector {
  select(x .> splat(0), x, x * m)
}
@_transparent private func clip(_ x: Vector, _ m: Vector, _ k: Vector) -> Vector { minimum(maximum(x, m), k) }
@_transparent private func addReLU(_ a: Vector, _ b: Vector) -> Vector { rectified(a + b) }
@_transparent private func reluGradient(_ dy: Vector, _ y: Vector) -> Vector { select(y .> splat(0), dy, splat(0)) }
@_transparent private func leakyReLUGradient(_ dy: Vector, _ x: Vector, _ m: Vector) -> Vector {
  select(x .> splat(0), dy, dy * m)
}
@_transparent private func sigmoidGradient(_ dy: Vector, _ y: Vector) -> Vector { dy * y * (splat(1) - y) }
@_transparent private func tanhGradient(_ dy: Vector, _ y: Vector) -> Vector { dy * (splat(1) - y * y) }

/// One instruction over `count` floats, in whole vectors: up to 15 floats past the end are computed too.
///
/// The opcodes are spread over several functions, because the compiler stops inlining closures into large ones.
@inline(never)
func execute(
  _ instruction: ElementwiseInstruction, to: UnsafeMutablePointer<Float>, _ a: UnsafeMutablePointer<Float>,
  _ b: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>, count: Int
) {
  switch instruction.opcode {
  case .copy, .negate, .absolute, .square, .squareRoot, .reciprocal, .sign, .relu:
    executeUnary(instruction, to, a, count)
  case .constant, .leakyReLU, .addImmediate, .multiplyImmediate, .multiplyAddImmediate, .clip:
    executeImmediate(instruction, to, a, count)
  case .exponential, .logarithm, .sigmoid, .tanh, .softplus:
    executeTranscendental(instruction, to, a, count)
  case .gelu, .geluTanh, .silu:
    executeGaussian(instruction, to, a, count)
  case .add, .subtract, .multiply, .divide, .maximum, .minimum:
    executeBinary(instruction, to, a, b, count)
  case .addReLU, .reluGradient, .leakyReLUGradient, .sigmoidGradient, .tanhGradient:
    executeActivation(instruction, to, a, b, count)
  case .softplusGradient, .siluGradient, .binaryCrossEntropyWithLogits:
    executeSlope(instruction, to, a, b, count)
  case .geluGradient, .geluTanhGradient:
    executeGaussianSlope(instruction, to, a, b, count)
  case .greater, .greaterOrEqual, .less, .lessOrEqual, .equal, .notEqual:
    executeComparison(instruction, to, a, b, count)
  case .select: map(to, a, b, c, count) { select($0 .!= splat(0), $1, $2) }
  case .multiplyAdd: map(to, a, b, c, count) { fma($0, $1, $2) }
  }
}

@inline(never)
private func executeUnary(_ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ n: Int) {
  switch instruction.opcode {
  case .negate: map(to, a, n) { splat(0) - $0 }
  case .absolute: map(to, a, n, magnitude)
  case .square: map(to, a, n) { $0 * $0 }
  case .squareRoot: map(to, a, n) { $0.squareRoot() }
  case .reciprocal: map(to, a, n) { splat(1) / $0 }
  case .sign: map(to, a, n, sign)
  case .relu: map(to, a, n, rectified)
  default: map(to, a, n) { $0 }
  }
}

@inline(never)
private func executeImmediate(_ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ n: Int) {
  let m = splat(instruction.immediate)
  let k = splat(instruction.secondImmediate)
  switch instruction.opcode {
  case .constant: map(to, to, m, k, n) { _, m, _ in m }
  case .leakyReLU: map(to, a, m, k, n, leakyReLU)
  case .addImmediate: map(to, a, m, k, n) { x, m, _ in x + m }
  case .multiplyImmediate: map(to, a, m, k, n) { x, m, _ in x * m }
  case .multiplyAddImmediate: map(to, a, m, k, n) { x, m, k in fma(x, m, k) }
  default: map(to, a, m, k, n, clip)
  }
}

@inline(never)
private func executeTranscendental(_ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ n: Int) {
  switch instruction.opcode {
  case .exponential: map(to, a, n, exponential)
  case .logarithm: map(to, a, n, logarithm)
  case .sigmoid: map(to, a, n, sigmoid)
  case .tanh: map(to, a, n, hyperbolicTangent)
  default: map(to, a, n, softplus)
  }
}

@inline(never)
private func executeGaussian(_ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ n: Int) {
  switch instruction.opcode {
  case .gelu: map(to, a, n, gelu)
  case .geluTanh: map(to, a, n, geluTanh)
  default: map(to, a, n, silu)
  }
}

@inline(never)
private func executeBinary(
  _ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ b: Register, _ n: Int
) {
  switch instruction.opcode {
  case .subtract: map(to, a, b, n) { $0 - $1 }
  case .multiply: map(to, a, b, n) { $0 * $1 }
  case .divide: map(to, a, b, n) { $0 / $1 }
  case .maximum: map(to, a, b, n, maximumOrNaN)
  case .minimum: map(to, a, b, n, minimumOrNaN)
  default: map(to, a, b, n) { $0 + $1 }
  }
}

@inline(never)
private func executeActivation(
  _ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ b: Register, _ n: Int
) {
  let m = splat(instruction.immediate)
  switch instruction.opcode {
  case .addReLU: map(to, a, b, n, addReLU)
  case .reluGradient: map(to, a, b, n, reluGradient)
  case .leakyReLUGradient: map(to, a, b, m, n, leakyReLUGradient)
  case .sigmoidGradient: map(to, a, b, n, sigmoidGradient)
  default: map(to, a, b, n, tanhGradient)
  }
}

@inline(never)
private func executeSlope(
  _ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ b: Register, _ n: Int
) {
  switch instruction.opcode {
  case .softplusGradient: map(to, a, b, n, softplusGradient)
  case .siluGradient: map(to, a, b, n, siluGradient)
  default: map(to, a, b, n, binaryCrossEntropyWithLogits)
  }
}

@inline(never)
private func executeGaussianSlope(
  _ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ b: Register, _ n: Int
) {
  if instruction.opcode == .geluGradient {
    map(to, a, b, n, geluGradient)
  } else {
    map(to, a, b, n, geluTanhGradient)
  }
}

@inline(never)
private func executeComparison(
  _ instruction: ElementwiseInstruction, _ to: Register, _ a: Register, _ b: Register, _ n: Int
) {
  switch instruction.opcode {
  case .greater: map(to, a, b, n) { indicator($0 .> $1) }
  case .greaterOrEqual: map(to, a, b, n) { indicator($0 .>= $1) }
  case .less: map(to, a, b, n) { indicator($0 .< $1) }
  case .lessOrEqual: map(to, a, b, n) { indicator($0 .<= $1) }
  case .equal: map(to, a, b, n) { indicator($0 .== $1) }
  default: map(to, a, b, n) { indicator($0 .!= $1) }
  }
}
