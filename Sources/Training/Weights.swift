import Datasets
import Execution
import Graphs

/// The variables of a machine that are saved: parameters and buffers.
package struct Weights {
  private let machine: Machine
  /// In the order of the plan.
  package let variables: [PlanTensor]

  package init(of machine: Machine, plan: Int = 0) {
    self.machine = machine
    variables = machine.plans[plan].variables.filter { $0.role != Variable.Role.optimizerState.rawValue }
  }

  /// Writes them to a safetensors file under their names, row-major; whole or not at all.
  package func save(to path: String, metadata: [String: String] = [:]) throws(DataError) {
    let machine = machine
    let tensors = variables.map { variable in
      SafetensorsWriter.Tensor(
        variable.name, shape: variable.shape,
        .floatsFilled { buffer in _ = buffer.update(fromContentsOf: machine.read(variable)) })
    }
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
  }

  /// Takes all values from a file whose names and shapes are exactly these; throws what does not fit.
  package func load(_ file: SafetensorsFile) throws(DataError) {
    let match = WeightMatch(variables, file.header)
    guard match.isComplete else {
      let first = "does not fit the net: \(match.matched.count) of \(variables.count) tensors match"
      throw DataError(.badData, file.path, ([first] + match.report).joined(separator: "\n    "))
    }
    for (variable, entry) in match.matched { machine.write(try file.floats(entry), to: variable) }
  }

  /// The present values, to be put back by `restore`.
  package var snapshot: [[Float]] { variables.map { machine.read($0) } }

  /// Takes back all values of a snapshot of these weights.
  package func restore(_ snapshot: [[Float]]) {
    for (variable, values) in zip(variables, snapshot) { machine.write(values, to: variable) }
  }

  /// Gives all variables of the machine, optimizer states included, their first values.
  package static func initialize(
    _ machine: Machine, plan: Int = 0, variables: [String: Variable], seed: UInt64
  ) {
    let values = InitialValues(seed: seed)
    for tensor in machine.plans[plan].variables {
      guard let variable = variables[tensor.name] else { continue }
      let numbers = values.numbers(of: variable, shape: tensor.shape)
      machine.fill(tensor) { numbers.write($0) }
    }
  }
}

extension Graph {
  /// The graph's variables by name.
  package var variablesByName: [String: Variable] {
    Dictionary(nodes.compactMap(\.variable).map { ($0.name, $0) }) { first, _ in first }
  }
}
