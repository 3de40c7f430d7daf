import Execution
import Graphs
import KernelContract
import Planning
import Semantics
import Transforms

/// Plans of one model that run on one machine and share its variables.
package struct PlanSet: Sendable {
  package let model: Model
  package private(set) var plans: [Plan] = []
  /// The variables of all plans, by name.
  package private(set) var variables: [String: Variable] = [:]
  private let unit: ArithmeticUnit
  private let parametersAreFixed: Bool
  private var placement = VariablePlacement()

  /// - Parameters:
  ///   - unit: what the machine multiplies with.
  ///   - parametersAreFixed: whether none of the plans trains, so that parameters can be brought into a better form once.
  package init(_ model: Model, unit: ArithmeticUnit = .vectors, parametersAreFixed: Bool = false) {
    self.model = model
    self.unit = unit
    self.parametersAreFixed = parametersAreFixed
  }

  /// Lowers the model for a purpose and a batch size; gives the position of the new plan. The first plan decides how the
  /// variables lie in memory, so the one that must be fastest comes first.
  /// - Parameter output: the only output that is asked for; nil for all.
  package mutating func add(
    _ purpose: GraphStage.Purpose, batch: Int, examples: ExamplePlacement = ExamplePlacement(), output: String? = nil
  ) throws(CompilationError) -> Int {
    let graph = try GraphStage.graph(model, purpose, batch: batch).computing(output)
    return try add(try PlanSet.fused(graph), examples: examples)
  }

  /// Lowers the net for writing the input `name` place by place, as `Decoding` has it; gives the positions of the new plans. Nil where
  /// that is not possible. The plan of a step decides how the variables lie, if it is the first.
  /// - Parameter output: what scores the pieces; nil for a net with one output.
  package mutating func addDecoding(
    of name: String, rows: Int, output: String? = nil
  ) throws(CompilationError) -> DecodingPlans? {
    let graph = try GraphStage.graph(model, .inference, batch: 1).computing(output)
    // What does not fit in places can still be computed as a whole.
    guard let parts = try? decoding(of: graph, name, rows: rows) else { return nil }
    let step = try add(try PlanSet.fused(parts.step))
    let once = try add(try PlanSet.fused(parts.once))
    return DecodingPlans(input: name, step: step, once: once, places: parts.places, start: parts.start)
  }

  private mutating func add(
    _ graph: Graph, examples: ExamplePlacement = ExamplePlacement()
  ) throws(CompilationError) -> Int {
    for variable in graph.nodes.compactMap(\.variable) { variables[variable.name] = variable }
    do {
      plans.append(
        try makePlan(
          graph, examples: examples, unit: unit, parametersAreFixed: parametersAreFixed, placement: &placement))
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

extension Graph {
  /// The graph for one of its outputs alone; for all where `output` is nil.
  fileprivate func computing(_ output: String?) -> Graph {
    guard let output else { return self }
    var graph = self
    graph.outputs = outputs.filter { $0.name == output }
    return graph
  }
}

/// Where the plans of a decoding are; see `Decoding`.
package struct DecodingPlans: Sendable {
  /// The input that is written place by place.
  package let input: String
  package let step: Int
  package let once: Int
  package let places: Int
  package let start: Int?
}
