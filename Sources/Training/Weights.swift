import Datasets
import Execution
import Graphs

/// The variables of a machine that are saved: parameters and buffers.
package struct Weights {
  private let machine: Machine
  /// In the order of the plan.
  package let variables: [PlanTensor]

  package init(of machine: Machine, plan: Int = 0) { self.init(of: machine, plans: [plan]) }

  /// Those of several plans, each once.
  package init(of machine: Machine, plans: [Int]) {
    self.machine = machine
    let saved = [Variable.Role.parameter, .buffer].map(\.rawValue)
    var names: Set<String> = []
    variables = plans.flatMap { machine.plans[$0].variables }.filter {
      saved.contains($0.role) && names.insert($0.name).inserted
    }
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

  /// Takes all values from a file whose names and shapes are exactly these, besides those that are new and those of the file that are
  /// unused; throws what does not fit. Gives the number of tensors that were taken.
  @discardableResult
  package func load(
    _ file: SafetensorsFile, isNew: (String) -> Bool = { _ in false }, isUnused: (String) -> Bool = { _ in false }
  ) throws(DataError) -> Int {
    let match = WeightMatch(variables, file.header, isNew: isNew, isUnused: isUnused)
    guard match.isComplete else {
      let first = "does not fit the net: \(match.matched.count) of \(variables.count) tensors match"
      let isNewHead = !match.missing.isEmpty || !match.shapeDiffers.isEmpty
      throw DataError(
        .badData, file.path, ([first] + match.report).joined(separator: "\n    "),
        help: match.remedy.isEmpty
          ? nil
          : (isNewHead ? "to train them from their initial values" : "to leave them out")
            + ": weights = pretrained(\"\(file.path)\", \(match.remedy))")
    }
    for (variable, entry) in match.matched {
      let values = try file.floats(entry)
      if let wrong = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError(
          .badData, file.path,
          "\(DataError.quoted(entry.name)) is \(values[wrong]) at its place \(wrong), expected finite numbers",
          help: "take weights from before they went wrong, such as those of an earlier checkpoint")
      }
      machine.write(values, to: variable)
    }
    return match.matched.count
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
      machine.fill(tensor) { numbers.write(from: $0, to: $1) }
    }
  }
}

extension Machine {
  /// The variables of all plans, each once: parameters, buffers and the optimizer's memory.
  package var variables: [PlanTensor] {
    var known: Set<String> = []
    return plans.flatMap(\.variables).filter { known.insert($0.name).inserted }
  }
}

extension Graph {
  /// The graph's variables by name.
  package var variablesByName: [String: Variable] {
    Dictionary(nodes.compactMap(\.variable).map { ($0.name, $0) }) { first, _ in first }
  }
}
