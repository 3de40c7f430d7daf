import Execution
import Graphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The first values of variables. Number `i` of a variable depends on the seed, the variable's name and `i` alone (of an
/// orthogonal matrix on all numbers that are drawn for it): not on other variables, on the order of drawing or on threads.
package struct InitialValues: Sendable {
  private let seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The values of `variable`, which has this shape, in logical row-major order.
  package func draw(_ variable: Variable, shape: [Int]) -> [Float] {
    let count = shape.reduce(1, *)
    let numbers = numbers(of: variable, shape: shape)
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      numbers.write(from: 0, to: buffer)
      initialized = count
    }
  }

  /// The same values by their position, for whoever has a place for them.
  func numbers(of variable: Variable, shape: [Int]) -> InitialNumbers {
    let generator = CounterGenerator(seed: seed, name: variable.name)
    switch variable.initializer {
    case .constant(let value): return .constant(Float(value))
    case .uniform(let bound): return .uniform(generator, bound: bound)
    case .normal(let deviation): return .normal(generator, deviation: deviation)
    case .truncatedNormal(let deviation, let bound):
      return .truncatedNormal(generator, deviation: deviation, bound: bound / deviation)
    case .orthogonal(let gain):
      let rows = shape.first ?? 1
      let columns = shape.reduce(1, *) / max(1, rows)
      return .stored(orthogonalMatrix(rows: rows, columns: columns, generator).map { Float(gain * $0) })
    case .identity(let gain): return .stored(identity(shape, gain: Float(gain)))
    }
  }

  private func identity(_ shape: [Int], gain: Float) -> [Float] {
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    guard shape.count >= 2 else { return values.map { _ in gain } }
    let taps = shape.dropFirst(2)
    let middle = taps.reduce(0) { $0 * $1 + $1 / 2 }
    let size = taps.reduce(1, *)
    for position in 0..<min(shape[0], shape[1]) { values[(position * shape[1] + position) * size + middle] = gain }
    return values
  }
}

/// The first values of one variable, by their position in logical row-major order.
enum InitialNumbers: Sendable {
  case constant(Float)
  case uniform(CounterGenerator, bound: Double)
  case normal(CounterGenerator, deviation: Double)
  /// `bound` in units of the deviation.
  case truncatedNormal(CounterGenerator, deviation: Double, bound: Double)
  case stored([Float])

  /// Writes the numbers of consecutive positions from `first` on.
  func write(from first: Int, to target: UnsafeMutableBufferPointer<Float>) {
    guard let places = target.baseAddress else { return }
    switch self {
    case .constant(let value): target.initialize(repeating: value)
    case .uniform(let generator, let bound):
      for index in target.indices {
        (places + index).initialize(to: Float((generator.unit(UInt64(first + index)) * 2 - 1) * bound))
      }
    case .normal(let generator, let deviation):
      generator.writeNormals(from: UInt64(first), to: target, deviation: deviation)
    case .truncatedNormal(let generator, let deviation, let bound) where bound >= 1:
      generator.writeNormals(from: UInt64(first), to: target, deviation: deviation, bound: bound)
    case .truncatedNormal(let generator, let deviation, let bound):
      for index in target.indices {
        (places + index).initialize(to: Float(generator.truncated(UInt64(first + index), bound: bound) * deviation))
      }
    case .stored(let values): _ = target.initialize(from: values[first...].prefix(target.count))
    }
  }
}

/// Random bits by position: the finaliser of SplitMix64 (Steele, Lea and Flood 2014; constants of Vigna's
/// `splitmix64.c`) on a Weyl sequence that starts at a key.
package struct CounterGenerator: Sendable {
  let key: UInt64

  /// A sequence of its own for each pair of seed and name.
  package init(seed: UInt64, name: String) {
    // FNV-1a of the name (Fowler, Noll and Vo), mixed with the seed.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(key: CounterGenerator.mix(hash ^ CounterGenerator.mix(seed &+ 0x9E37_79B9_7F4A_7C15)))
  }

  /// The sequence that SplitMix64 gives with `key` as its seed.
  package init(key: UInt64) { self.key = key }

  /// The 64 bits at a position.
  package func bits(_ position: UInt64) -> UInt64 {
    CounterGenerator.mix(key &+ (position &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The number in 0 ..< 1 at a position, with 53 bits.
  package func unit(_ position: UInt64) -> Double { Double(bits(position) >> 11) * 0x1p-53 }

  /// The normal number at a position given that it is within `bound`: the first of the proposals for the position that is
  /// taken. At least six of ten are.
  package func truncated(_ position: UInt64, bound: Double) -> Double {
    for attempt in 0..<256 as Range<UInt64> {
      // Proposals stand where no other position draws.
      let place = position &+ attempt << 48
      if bound >= 1 {
        let number = normal(place)
        if abs(number) <= bound { return number }
      } else {
        let number = (unit(place) * 2 - 1) * bound
        if unit(place ^ 1 << 63) <= exp(-number * number / 2) { return number }
      }
    }
    return 0
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
