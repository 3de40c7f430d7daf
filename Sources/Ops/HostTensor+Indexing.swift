import Graphs

extension HostTensor {
  /// The position along each axis of the element at `flat`.
  func coordinates(_ flat: Int) -> [Int] {
    var coordinates = [Int](repeating: 0, count: rank)
    var rest = flat
    for axis in shape.indices.reversed() {
      coordinates[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return coordinates
  }

  /// The place in `values` of the element at these coordinates.
  func place(_ coordinates: [Int]) -> Int {
    var place = 0
    for axis in shape.indices { place = place * shape[axis] + coordinates[axis] }
    return place
  }

  /// The tensor with the axes after `axis` and those before it folded together: outer × extent × inner.
  func around(_ axis: Int) -> (outer: Int, extent: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}
