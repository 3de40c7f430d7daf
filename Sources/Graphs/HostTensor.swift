/// A tensor in float64 and logical row-major order, for references, initial values and tests.
package struct HostTensor: Sendable, Equatable {
  package var shape: [Int]
  package var values: [Double]

  package init(shape: [Int], values: [Double]) {
    precondition(shape.reduce(1, *) == values.count)
    self.shape = shape
    self.values = values
  }

  package init(shape: [Int], repeating value: Double = 0) {
    self.init(shape: shape, values: [Double](repeating: value, count: shape.reduce(1, *)))
  }

  package var rank: Int { shape.count }
  package var count: Int { values.count }

  /// The distance in `values` between neighbours along each axis.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  package func map(_ f: (Double) -> Double) -> HostTensor { HostTensor(shape: shape, values: values.map(f)) }

  /// Elementwise on tensors of equal shape.
  package func zip(_ other: HostTensor, _ f: (Double, Double) -> Double) -> HostTensor {
    precondition(shape == other.shape)
    return HostTensor(shape: shape, values: Swift.zip(values, other.values).map(f))
  }
}
