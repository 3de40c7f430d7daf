import ArgumentParser
import Datasets
import Execution
import Semantics
import Training

/// `netc init FILE --out W.safetensors`
struct InitCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes the initial weights of a net, under PyTorch's names and layouts.")

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file has several.", valueName: "net"))
  var name: String?
  @Option(help: ArgumentHelp("The safetensors file to write.", valueName: "file"), completion: .file())
  var out: String
  @Option(help: "The seed of the random numbers.")
  var seed: UInt64?

  mutating func execute() throws(Failure) {
    let file = try CheckedFile(net.file, overrides: try net.overrides([("seed", seed.map(String.init))]))
    try file.report()
    let model = try file.model(named: name, trained: false, forLayers: true)
    let graph = try file.graph(of: model, .inference, batch: 1)
    let values = InitialValues(seed: seed ?? model.training?.seed ?? 1)
    let variables = graph.variablesByName
    // One tensor at a time is in memory, as drawn and as written.
    let needed = (model.variables.map(\.count).max() ?? 0) * 8
    guard needed <= Memory.available else {
      throw Failure(
        .diagnostics,
        "\(file.path): the largest weight of \(model.name) needs \(NumberFormat.bytes(needed)) of memory, of which the "
          + "machine has \(NumberFormat.bytes(Memory.available)) available")
    }
    var tensors: [SafetensorsWriter.Tensor] = []
    for summary in model.variables {
      guard let variable = variables[summary.name] else { continue }
      tensors.append(
        SafetensorsWriter.Tensor(
          summary.name, shape: summary.shape,
          .floatsFilled { _ = $0.update(fromContentsOf: values.draw(variable, shape: summary.shape)) }))
    }
    Interruption.leaveNothing()
    do {
      try SafetensorsWriter.write(tensors, metadata: ["format": "pt", "net": model.name], to: out)
    } catch { throw Failure(error) }
  }
}
