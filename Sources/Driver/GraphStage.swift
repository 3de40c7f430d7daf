import Graphs
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
    /// Forward, loss and gradient, which waits for the batches that follow: see `accumulate`.
    case accumulation
    /// Forward, loss and metrics.
    case evaluation
    /// The net's outputs alone.
    case inference

    var isTraining: Bool { self == .training || self == .accumulation }
  }

  /// The graph of `model` for batches of `batch` examples, before any pass: for training with gradients and updates.
  package static func graph(_ model: Model, _ purpose: Purpose, batch: Int) throws(CompilationError) -> Graph {
    var graph = try forward(model, purpose.isTraining ? .training : .evaluation, batch: batch)
    switch purpose {
    case .training, .accumulation:
      guard let training = model.training, let loss = graph.outputs.first(where: { $0.name == "loss" }) else {
        throw .notTrained(net: model.name)
      }
      graph.outputs = [loss]
      do {
        let rule = training.rule
        return purpose == .training ? try trainingStep(graph, rule) : try accumulationStep(graph, rule)
      } catch { throw .differentiation(error) }
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
    var graph: Graph
    do {
      graph = try model.graph(mode: mode, batch: batch)
    } catch { throw .model(error) }
    if model.training?.isPrecise == true {
      for index in graph.nodes.indices {
        if var convolution = graph.nodes[index].op as? Conv2D {
          convolution.isPrecise = true
          graph.nodes[index].kind = .op(convolution)
        } else if var transposed = graph.nodes[index].op as? Conv2DDataGradient {
          transposed.forward.isPrecise = true
          graph.nodes[index].kind = .op(transposed)
        }
      }
    }
    return graph
  }
}

/// Why a model has no plan. Mistakes of the user are `model`; all else is a limit or a bug of netc.
package enum CompilationError: Error, Sendable {
  case model(ModelError)
  case notTrained(net: String)
  case differentiation(DifferentiationError)
  case broken(BrokenGraph)
  case planning(PlanningError)
}

extension TrainSettings {
  /// How gradients become updates.
  fileprivate var rule: TrainingRule {
    TrainingRule(clipValue: optimizer.clipValue, clipNorm: optimizer.clipNorm, batches: accumulate) { variable, shape in
      freeze.contains { isPath($0, of: variable.name) } ? nil : optimizer.update(forRank: shape.count)
    }
  }
}
