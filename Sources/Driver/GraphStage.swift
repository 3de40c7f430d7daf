import Graphs
import KernelContract
import Ops
import Planning
import Semantics
import Transforms
import Vocabulary

/// A model's graph on its way to a plan.
package struct GraphStage: Sendable {
  /// What the graph is made for.
  package enum Purpose: Hashable, Sendable {
    /// Forward, loss, gradient and update.
    case training
    /// Forward, loss and metrics.
    case evaluation
    /// The net's outputs alone.
    case inference
  }

  /// The graph of `model` for batches of `batch` examples, before any pass: for training with gradients and updates.
  package static func graph(_ model: Model, _ purpose: Purpose, batch: Int) throws(CompilationError) -> Graph {
    var graph = try forward(model, purpose == .training ? .training : .evaluation, batch: batch)
    switch purpose {
    case .training:
      guard let training = model.training, let loss = graph.outputs.first(where: { $0.name == "loss" }) else {
        throw .notTrained(net: model.name)
      }
      graph.outputs = [loss]
      return try withUpdates(graph, loss: loss.value, optimizer: training.optimizer)
    case .evaluation:
      let outputs = Set(model.outputs.map(\.name))
      let measures = graph.outputs.filter { !outputs.contains($0.name) }
      if !measures.isEmpty { graph.outputs = measures }
      return graph
    case .inference:
      let outputs = Set(model.outputs.map(\.name))
      graph.outputs = graph.outputs.filter { outputs.contains($0.name) }
      return graph
    }
  }

  private static func forward(_ model: Model, _ mode: GraphMode, batch: Int) throws(CompilationError) -> Graph {
    do {
      return try model.graph(mode: mode, batch: batch)
    } catch { throw .model(error) }
  }

  /// Appends the gradient of `loss` with respect to every parameter, and the updates.
  private static func withUpdates(
    _ graph: Graph, loss: Value, optimizer: OptimizerSettings
  ) throws(CompilationError) -> Graph {
    let parameters = graph.nodes.indices.filter { graph.nodes[$0].variable?.role == .parameter }.map(Value.init(id:))
    var builder = GraphBuilder(graph)
    do {
      let gradients = try differentiate(loss, withRespectTo: parameters, in: &builder)
      builder.origin = Origin(phase: .update)
      let rate = try builder.feed("learning_rate", role: .learningRate, type: TensorType(.float32, []))
      let step = try builder.feed("step", role: .step, type: TensorType(.int32, []))
      for parameter in parameters {
        guard let gradient = gradients[parameter], let variable = graph[parameter].variable else { continue }
        let shape = graph[parameter].type.shape
        let update = optimizer.update(forRank: shape.count)
        let origin = graph[parameter].origin
        builder.origin = Origin(path: origin.path, line: origin.line, phase: .update)
        var operands = [parameter, gradient]
        for number in 0..<update.stateCount {
          operands.append(
            try builder.variable(
              Variable(
                name: "\(variable.name)#state\(number)", role: .optimizerState, initializer: .constant(0)),
              shape: shape))
        }
        _ = try builder.add(OptimizerStep(update: update), operands + [rate, step])
      }
      return builder.graph
    } catch let error as DifferentiationError {
      throw .differentiation(error)
    } catch let error as ShapeError {
      throw .shape(error)
    } catch { throw .unexpected("\(error)") }
  }
}

/// Why a model has no plan. Mistakes of the user are `model`; all else is a limit or a bug of netc.
package enum CompilationError: Error, Sendable {
  case model(ModelError)
  case notTrained(net: String)
  case differentiation(DifferentiationError)
  case shape(ShapeError)
  case broken(BrokenGraph)
  case planning(PlanningError)
  case unexpected(String)
}
