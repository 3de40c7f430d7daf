#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adds sinusoidal positions to rows; see the op `AddSinusoid`. Operands: `x`, `result`, `places` rows for each of `examples`,
/// `rowStride` floats apart. An item is a place of all examples; the result may be written over x.
package struct SinusoidParameters: KernelParameters {
  package static let name = "sinusoid"
  package let examples: Int
  package let places: Int
  package let width: Int
  package let rowStride: Int

  package init(examples: Int, places: Int, width: Int, rowStride: Int) {
    self.examples = examples
    self.places = places
    self.width = width
    self.rowStride = rowStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.sinusoid }
  package var items: Int { places }
  package var scratchBytes: Int { 4 * (ceilingQuotient(width, 16) * 16) }
  package var flops: Double { Double(examples) * Double(places) * Double(width) }

  /// The position's number in a column.
  package func value(place: Int, column: Int) -> Float {
    let angle = Double(place) / pow(10_000, Double(column / 2 * 2) / Double(width))
    return Float(column % 2 == 0 ? sin(angle) : cos(angle))
  }
}
