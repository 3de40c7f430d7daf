/// What one number of a tensor is.
package enum Element: String, Hashable, Sendable {
  /// 32-bit floating point.
  case float32 = "f32"
  /// A whole number 0 ... n-1, stored as a 32-bit integer.
  case int32 = "index"
  /// True or false, stored as the 32-bit float 1 or 0.
  case bool = "bool"
}

/// The element and the extents of a tensor; the batch, where there is one, is axis 0.
package struct TensorType: Hashable, Sendable {
  package var element: Element
  package var shape: [Int]

  package init(_ element: Element = .float32, _ shape: [Int]) {
    self.element = element
    self.shape = shape
  }

  package var rank: Int { shape.count }

  /// The number of elements. A type in a graph is known not to overflow: `GraphBuilder` refuses larger ones.
  package var count: Int { shape.reduce(1, &*) }

  /// The number of elements, or nil when it does not fit the address space with room for arithmetic on it.
  package var checkedCount: Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 || product > TensorType.largestCount { return nil }
      count = product
    }
    return count
  }

  /// No tensor may have more elements than this (2^42, 16 TiB of floats): every later size computation then fits 64 bits.
  package static let largestCount = 1 << 42
}

extension TensorType: CustomStringConvertible {
  package var description: String {
    shape.isEmpty ? element.rawValue : "\(element.rawValue)[\(shape.map(String.init).joined(separator: ", "))]"
  }
}
