import Datasets
import Execution
import Graphs

/// The state of a run in a safetensors file: every variable under its name, the optimizer's among them, perhaps the best weights so far
/// (under `best/` and their names), and in the metadata where the run was. A machine that takes it back goes on bit for bit as the one that
/// wrote it.
package struct Checkpoint: Sendable {
  package let position: TrainingPosition
  /// What the run remembers besides: a text that the file keeps as it is.
  package let memory: String
  private let file: SafetensorsFile

  /// What stands before the names of the best weights.
  private static let best = "best/"
  private static let format = "1"

  /// Opens a checkpoint. Throws `noInput` and `badData`.
  package init(_ path: String) throws(DataError) {
    file = try SafetensorsFile(path)
    let metadata = file.header.metadata
    guard let format = metadata["checkpoint"] else {
      throw DataError(
        .badData, path, "holds weights, and is no checkpoint of a run", help: "start a run from it with `--weights`")
    }
    guard format == Self.format, let position = TrainingPosition(fields: metadata), let memory = metadata["memory"]
    else { throw DataError(.badData, path, "is a checkpoint that this version of netc cannot read") }
    self.position = position
    self.memory = memory
  }

  /// Writes the state of `machine` to `path`, whole or not at all. `best` are the best weights, as `Weights.snapshot` gives them, `further`
  /// what weights say of themselves. Throws `cannotCreate` and `inputOutput`.
  package static func write(
    _ machine: Machine, position: TrainingPosition, memory: String, best: (weights: Weights, values: [[Float]])?,
    metadata further: [String: String] = [:], to path: String, operations: FileOperations = .system
  ) throws(DataError) {
    var tensors = machine.variables.map { variable in
      SafetensorsWriter.Tensor(
        variable.name, shape: variable.shape,
        .floatsFilled { _ = $0.update(fromContentsOf: machine.read(variable)) })
    }
    if let best {
      for (variable, values) in zip(best.weights.variables, best.values) {
        tensors.append(.init(Self.best + variable.name, shape: variable.shape, .floats(values)))
      }
    }
    var metadata = further.merging(position.fields) { $1 }
    metadata["checkpoint"] = format
    metadata["memory"] = memory
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path, operations: operations)
  }

  /// Gives all variables of `machine` their values, and the best weights where the checkpoint has some. Throws `badData` for a checkpoint
  /// of another net or optimizer.
  package func restore(_ machine: Machine, _ weights: Weights) throws(DataError) -> [[Float]]? {
    for variable in machine.variables { machine.write(try values(variable.name, of: variable), to: variable) }
    guard file.header.entries.contains(where: { $0.name.hasPrefix(Self.best) }) else { return nil }
    var best: [[Float]] = []
    for variable in weights.variables { best.append(try values(Self.best + variable.name, of: variable)) }
    return best
  }

  private func values(_ name: String, of variable: PlanTensor) throws(DataError) -> [Float] {
    guard let entry = file.entry(name), entry.shape == variable.shape else {
      throw DataError(
        .badData, file.path,
        "is not a checkpoint of this net: \(DataError.quoted(name)) "
          + (file.entry(name).map { "is \(DataError.written($0.shape)), expected \(DataError.written(variable.shape))" }
            ?? "is missing"))
    }
    return try file.floats(entry)
  }

  /// The step after which the file with this header was written as a checkpoint; nil for other files.
  package static func step(of header: SafetensorsHeader) -> Int? {
    guard header.metadata["checkpoint"] != nil else { return nil }
    return TrainingPosition(fields: header.metadata)?.step
  }

  /// The names of a file's tensors that are weights. A checkpoint also has the best weights, and the optimizer's memory of each weight below
  /// its name.
  static func weightNames(of header: SafetensorsHeader) -> Set<String> {
    let names = Set(header.entries.map(\.name))
    guard header.metadata["checkpoint"] != nil else { return names }
    return names.filter { name in
      guard !name.hasPrefix(best) else { return false }
      guard let dot = name.lastIndex(of: ".") else { return true }
      return !names.contains(String(name[..<dot]))
    }
  }

  /// The bytes that a checkpoint of `machine` takes, with the best weights or without.
  package static func bytes(of machine: Machine, best weights: Weights?) -> Int {
    (machine.variables + (weights?.variables ?? [])).reduce(0) { $0 + 4 * $1.count }
  }
}
