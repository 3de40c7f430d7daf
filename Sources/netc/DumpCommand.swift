import ArgumentParser
import Driver
import Graphs
import Planning
import Semantics

/// `netc dump FILE --stage STAGE`
struct DumpCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Shows a file at one of the compiler's stages.")

  enum Stage: String, CaseIterable, ExpressibleByArgument {
    case syntax, model, graph, gradient, fused, plan
  }

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file has several.", valueName: "net"))
  var name: String?
  @Option(help: "syntax, model, graph (forward and loss), gradient (with updates), fused or plan.")
  var stage: Stage
  @OptionGroup var options: PlanOptions

  mutating func execute() throws(Failure) {
    let file = try CheckedFile(net.file, overrides: try net.overrides())
    if stage == .syntax {
      Terminal.result(file.compilation.syntaxDump)
      try file.report()
      return
    }
    try file.report()
    let model = try file.model(named: name, trained: false)
    if stage == .model {
      Terminal.result(file.compilation.modelDump(model))
      return
    }
    let batch = file.batch(of: model, options)
    let purpose = file.purpose(of: model, options)
    switch stage {
    case .syntax, .model: break
    case .graph:
      Terminal.result(try file.graph(of: model, purpose == .training ? .evaluation : purpose, batch: batch).description)
    case .gradient: Terminal.result(try file.graph(of: model, purpose, batch: batch).description)
    case .fused:
      let graph = try file.graph(of: model, purpose, batch: batch)
      do {
        Terminal.result(try PlanSet.fused(graph).description)
      } catch { throw file.failure(error) }
    case .plan:
      var preparation = Preparation(file, model, trains: purpose == .training)
      _ = try preparation.add(purpose, batch: batch, examples: ExamplePlacement(byteValues: file.byteValues(of: model)))
      Terminal.result(preparation.plans[0].description)
    }
  }
}

extension CheckedFile {
  func purpose(of model: Model, _ options: PlanOptions) -> GraphStage.Purpose {
    options.infer || model.training == nil ? .inference : .training
  }

  /// The batch that the options ask for, or the train section's, or one example. Data are not opened for it: all of them count as 64
  /// examples, and a note says so.
  func batch(of model: Model, _ options: PlanOptions) -> Int {
    if let batch = options.batch { return batch }
    switch model.training?.batch {
    case .count(let count): return count
    case .all:
      Terminal.note(
        "\(path): the batch is all of the data, which are not opened here: as for 64 examples; --batch N says otherwise\n"
      )
      return 64
    case nil: return 1
    }
  }
}
