import Datasets
import Graphs
import Source
import Vocabulary

/// A net with everything evaluated: parameters, inputs, layers and, if the file trains it, the settings of its training.
/// A model exists only if its net has no errors.
package struct Model: Sendable {
  /// The name of the net.
  package var name: String
  /// The net's parameters with their values as text, in the order of the declaration. A text that is cut ends a value that is a default
  /// and longer than anybody reads.
  package var parameters: [(name: String, value: String, isCut: Bool)]
  /// The net's inputs, in order.
  package var inputs: [TensorDeclaration]
  /// What the `train` section compares with; empty without one.
  package var targets: [TensorDeclaration]
  /// The net's named outputs with the type of one example, in order.
  package var outputs: [(name: String, type: ExampleType)]
  /// Every stage that stands for a layer, in the order of evaluation, blocks expanded.
  package var layers: [LayerSummary]
  /// Every variable that is saved: parameters and buffers, in the order of the layers.
  package var variables: [VariableSummary]
  /// The settings of the `train` section; nil when the file has none for this net.
  package var training: TrainSettings?

  /// The layers and what flows between them.
  package var layerGraph: LayerGraph {
    let types = Dictionary(inputs.map { ($0.name, ExampleType($0.element, $0.shape)) }, uniquingKeysWith: { a, _ in a })
    return LayerGraph(checkedGraph, layers, inputs: types, outputs: outputs)
  }

  /// The graph that the net was checked by: that of training where a section trains it.
  let checkedGraph: Graph

  /// Lowers the net for `mode` and a batch size; see `graph(mode:batch:)`.
  package var lowering: @Sendable (GraphMode, Int) -> (graph: Graph?, diagnostics: [Diagnostic])

  /// Forward, loss and metrics for a batch of `batch` examples, without gradient and update.
  ///
  /// Feeds are the inputs and targets by name and, in training with dropout, the scalar `step`. Outputs are the net's outputs by
  /// name; with a `train` section also `loss` and, in evaluation, one scalar per metric by its name: each a mean over the batch.
  /// Fails where the batch makes a tensor too large, or a statistic over the batch meaningless.
  package func graph(mode: GraphMode, batch: Int) throws(ModelError) -> Graph {
    let result = lowering(mode, batch)
    guard let graph = result.graph else { throw ModelError(diagnostics: result.diagnostics) }
    return graph
  }

  /// The number of trained weights.
  package var parameterCount: Int {
    variables.reduce(0) { $1.role == .parameter ? $0 + $1.count : $0 }
  }
}

/// Why a model has no graph for a batch size, as the user is told it.
package struct ModelError: Error, Sendable {
  package var diagnostics: [Diagnostic]
}

/// A line of `netc summary`: one layer, for one example.
package struct LayerSummary: Sendable {
  /// The path of labels and positions: `layer1.0.conv1`.
  package var path: String
  /// The word that the stage calls: `conv`.
  package var word: String
  /// The line of the user's file.
  package var line: Int
  /// The type of the result for one example.
  package var type: ExampleType
  /// Trained weights that the layer brings; a shared layer brings them where it is used first.
  package var parameterCount: Int
  /// Multiplications with an addition for one example: convolutions and products, one per weight use.
  package var multiplyAdds: Int
  /// The bytes of the result for one example.
  package var activationBytes: Int
  /// What distinguishes the layer in a picture: `3×3 /2`, `8 heads`; perhaps nothing.
  package var detail: String
  /// Whether the word gives the type that it gets.
  package var keepsShape: Bool
  /// The nodes that were added for the layer, in the graph that the net was checked by.
  package var nodes: Range<Int>
}

/// A parameter or buffer of a model.
package struct VariableSummary: Sendable {
  package var name: String
  package var role: Variable.Role
  package var shape: [Int]

  package var count: Int { shape.reduce(1, *) }
}
