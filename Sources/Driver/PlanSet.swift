import Execution
import Graphs
import Planning
import Semantics
import Transforms

/// Plans of one model that run on one machine and share its variables.
package struct PlanSet: Sendable {
  package let model: Model
  package private(set) var plans: [Plan] = []
  /// The variables of all plans, by name.
  package private(set) var variables: [String: Variable] = [:]
  private var placement = VariablePlacement()

  package init(_ model: Model) { self.model = model }

  /// Lowers the model for a purpose and a batch size; gives the position of the new plan. The first plan decides how the
  /// variables lie in memory, so the one that must be fastest comes first.
  package mutating func add(_ purpose: GraphStage.Purpose, batch: Int) throws(CompilationError) -> Int {
    let graph = try PlanSet.fused(try GraphStage.graph(model, purpose, batch: batch))
    for variable in graph.nodes.compactMap(\.variable) { variables[variable.name] = variable }
    do {
      plans.append(try makePlan(graph, placement: &placement))
    } catch { throw .planning(error) }
    return plans.count - 1
  }

  /// The graph after all passes.
  package static func fused(_ graph: Graph) throws(CompilationError) -> Graph {
    do {
      return try Pass.pipeline.run(on: graph)
    } catch { throw .broken(error) }
  }
}
