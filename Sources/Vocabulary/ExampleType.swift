import Datasets
import Graphs

/// The type of a tensor as a user writes it: one example, without the batch axis, and with the number of classes of an index.
package struct ExampleType: Hashable, Sendable {
  package typealias Element = TensorDeclaration.Element

  package var element: Element
  package var shape: [Int]

  package init(_ element: Element = .float32, _ shape: [Int] = []) {
    self.element = element
    self.shape = shape
  }

  package var rank: Int { shape.count }

  /// How many axes a tensor may have: more than anybody can tell apart.
  package static let rankLimit = 16

  /// The number of elements of one example; saturates where it does not fit.
  package var count: Int {
    shape.reduce(1) { count, extent in
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      return overflow ? Int.max : product
    }
  }

  /// The type in the graph: the batch is axis 0.
  package func batched(_ batch: Int) -> TensorType {
    let element: Graphs.Element =
      switch element {
      case .float32: .float32
      case .bool: .bool
      case .index: .int32
      }
    return TensorType(element, [batch] + shape)
  }
}

extension ExampleType: CustomStringConvertible {
  package var description: String {
    let name =
      switch element {
      case .float32: "f32"
      case .bool: "bool"
      case .index(let count): "index(\(count))"
      }
    return shape.isEmpty ? name : "\(name)[\(shape.map(String.init).joined(separator: ", "))]"
  }
}
