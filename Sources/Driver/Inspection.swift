import Execution
import Graphs
import KernelContract
import Planning
import Semantics
import Transforms

/// A training step, or an evaluation, of which every value can be read, to find the first that is not finite: nothing is fused, and
/// nothing is written over. It takes the memory of all values together.
package struct Inspection: Sendable {
  /// Where a value comes from.
  package struct Place: Hashable, Sendable {
    /// The path of labels, and the line in the `.net` file; 0 where no line asked for it.
    package var path: String
    package var line: Int
    package var op: String
    package var phase: Origin.Phase
    /// Which other values it was made of.
    package var operands: [Int]
  }

  /// Its outputs are the values, in the order in which they are computed, and its variables are those of the run.
  package let plan: Plan
  /// One for each output of the plan.
  package let places: [Place]

  package init(
    _ model: Model, _ purpose: GraphStage.Purpose = .training, batch: Int, unit: ArithmeticUnit
  ) throws(CompilationError) {
    var graph: Graph
    do {
      graph = try [Pass.deadNodes, .commonSubexpressions].run(on: GraphStage.graph(model, purpose, batch: batch))
    } catch let error as BrokenGraph {
      throw .broken(error)
    } catch let error as CompilationError {
      throw error
    } catch { preconditionFailure("the graph throws nothing else") }
    var places: [Place] = []
    var positions: [Int: Int] = [:]
    graph.outputs = []
    for (id, node) in graph.nodes.enumerated() {
      guard let op = node.op, node.type.element == .float32, op.mutatedOperands.isEmpty else { continue }
      positions[id] = places.count
      places.append(
        Place(
          path: node.origin.path, line: node.origin.line, op: op.name, phase: node.origin.phase,
          operands: node.operands.compactMap { positions[$0.id] }))
      graph.outputs.append(Graph.Output(name: "value \(id)", value: Value(id: id)))
    }
    self.places = places
    var placement = VariablePlacement()
    do { plan = try makePlan(graph, unit: unit, placement: &placement) } catch { throw .planning(error) }
  }
}
