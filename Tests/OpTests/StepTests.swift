import Execution
import Graphs
import Kernels
import Ops
import Planning
import Testing
import Transforms

/// Whole training steps: what the passes, the plan and the kernels make of a graph, against the graph as it was written,
/// evaluated in float64.
@Suite struct StepTests {
  @Test(arguments: StepNet.all, InstructionSet.available)
  func plansComputeWhatTheGraphSays(_ net: StepNet, _ set: InstructionSet) throws {
    let graph = try net.graph()
    try check(graph, fused: try Pass.pipeline.run(on: graph), set)
  }

  /// Runs three steps of the plan of `fused` with one, two and three workers, and compares with `graph` in float64.
  func check(_ graph: Graph, fused: Graph, _ set: InstructionSet) throws {
    let feeds = makeFeeds(graph)
    var variables = makeVariables(graph)
    let first = variables
    var placement = VariablePlacement()
    let plan = try makePlan(fused, placement: &placement)

    let steps = 3
    var losses: [Double] = []
    for step in 1...steps {
      let evaluation = try graph.evaluate(feeds: feeds(step), variables: variables)
      variables = evaluation.variables
      for output in graph.outputs { losses.append(evaluation[output.value].values[0]) }
    }

    var bits: [[UInt32]] = []
    for threads in [1, 2, 3] {
      let machine = try Machine(plans: [plan], threads: threads, table: set.kernelTable)
      for tensor in plan.variables { machine.write((first[tensor.name]?.values ?? []).map { Float($0) }, to: tensor) }
      var found: [Double] = []
      for step in 1...steps {
        for tensor in plan.feeds {
          let values = feeds(step)[tensor.name]?.values ?? []
          if tensor.storage == .int32 {
            machine.write(values.map { Int32($0) }, to: tensor)
          } else {
            machine.write(values.map { Float($0) }, to: tensor)
          }
        }
        machine.run()
        for output in plan.outputs { found.append(Double(machine.read(output)[0])) }
      }
      for (index, (a, b)) in zip(found, losses).enumerated() {
        #expect(abs(a - b) <= 2e-5 * max(1, abs(b)), "output \(index): \(a), not \(b)")
      }
      for tensor in plan.variables {
        let expected = variables[tensor.name]?.values ?? []
        let values = machine.read(tensor)
        let greatest = expected.map(abs).max() ?? 0
        let wrong = values.indices.first { !(abs(Double(values[$0]) - expected[$0]) <= 1e-4 * max(0.1, greatest)) }
        if let wrong { Issue.record("\(tensor.name)[\(wrong)]: \(values[wrong]), not \(expected[wrong])") }
        bits.append(values.map(\.bitPattern))
      }
    }
    let count = plan.variables.count
    #expect(bits[..<count] == bits[count..<(2 * count)], "two workers differ from one")
    #expect(bits[..<count] == bits[(2 * count)...], "three workers differ from one")
  }

  /// The definitions of fused ops say the same as those of the ops that they are made of.
  @Test(arguments: StepNet.all)
  func passesKeepTheMeaning(_ net: StepNet) throws { try passesKeepTheMeaning(net, Pass.pipeline) }

  func passesKeepTheMeaning(_ net: StepNet, _ pipeline: [Pass]) throws {
    let graph = try net.graph()
    let (feeds, variables) = (makeFeeds(graph)(2), makeVariables(graph))
    let before = try graph.evaluate(feeds: feeds, variables: variables)
    _ = try pipeline.run(on: graph) { pass, changed in
      guard let after = try? changed.evaluate(feeds: feeds, variables: variables) else {
        Issue.record("\(pass.name) leaves a graph that cannot be evaluated")
        return
      }
      for (name, tensor) in before.variables {
        let found = after.variables[name]?.values ?? []
        #expect(
          zip(found, tensor.values).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }, "\(name) after \(pass.name)"
        )
      }
    }
  }

  @Test func fusionLeavesNoPassBetweenContractionAndActivation() throws {
    let fused = try Pass.pipeline.run(on: try StepNet.all[0].graph())
    let names = fused.nodes.compactMap { $0.op?.name }
    for name in ["relu", "add_bias", "add"] {
      #expect(!names.contains(name), "\(name) is left")
    }
    // Only batch normalisation's own parameters are updated in a pass of their own.
    #expect(names.count { $0 == "optimizer_step" } == 4)
  }

  func makeVariables(_ graph: Graph) -> [String: HostTensor] {
    var numbers = Numbers(seed: 99)
    var variables: [String: HostTensor] = [:]
    for node in graph.nodes {
      guard let variable = node.variable else { continue }
      var tensor = HostTensor(shape: node.type.shape)
      // Weights as a layer of so many inputs would start with; states at zero, as the optimizers ask for.
      let bound = node.type.rank < 2 ? 0.5 : 1.5 / Double(node.type.count / node.type.shape[0]).squareRoot()
      for index in tensor.values.indices where variable.role != .optimizerState {
        tensor.values[index] = variable.role == .buffer ? 1 : numbers.uniform(-bound, bound)
      }
      variables[variable.name] = tensor
    }
    return variables
  }

  func makeFeeds(_ graph: Graph) -> (Int) -> [String: HostTensor] {
    { step in
      var numbers = Numbers(seed: UInt64(step))
      var feeds: [String: HostTensor] = [:]
      for node in graph.nodes {
        guard case .feed(let feed) = node.kind else { continue }
        var tensor = HostTensor(shape: node.type.shape)
        for index in tensor.values.indices {
          switch feed.role {
          case .learningRate: tensor.values[index] = Double(Float(0.01))
          case .step: tensor.values[index] = Double(step)
          case .mixingShare: tensor.values[index] = 0.5
          case .place, .origins: tensor.values[index] = 0
          case .input, .target, .mixedTarget:
            tensor.values[index] =
              node.type.element == .int32 ? Double(numbers.next() % 10) : numbers.uniform(-1, 1)
          }
        }
        feeds[feed.name] = tensor
      }
      return feeds
    }
  }
}
