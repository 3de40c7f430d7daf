import Graphs

/// A tensor that a word reads or makes: its place in the graph, and its type for one example.
package struct Tensor: Hashable, Sendable {
  package var value: Value
  package var type: ExampleType

  package init(value: Value, type: ExampleType) {
    self.value = value
    self.type = type
  }
}
