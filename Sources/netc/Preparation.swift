import Driver
import Execution
import Graphs
import Kernels
import Planning
import Semantics
import Source

/// Plans of a checked file on their way into a machine; what fails becomes a message.
struct Preparation {
  private let file: CheckedFile
  private var planSet: PlanSet

  /// - Parameter trains: whether a plan changes the parameters.
  init(_ file: CheckedFile, _ model: Model, trains: Bool) {
    self.file = file
    // A processor that runs no kernels is refused by `machine`.
    planSet = PlanSet(
      model, unit: (try? InstructionSet.selected())?.unit ?? .vectors, parametersAreFixed: !trains)
  }

  var variables: [String: Variable] { planSet.variables }
  var plans: [Plan] { planSet.plans }

  /// See `PlanSet.add`.
  mutating func add(
    _ purpose: GraphStage.Purpose, batch: Int, examples: ExamplePlacement, output: String? = nil
  ) throws(Failure) -> Int {
    do {
      return try planSet.add(purpose, batch: batch, examples: examples, output: output)
    } catch { throw file.failure(error) }
  }

  /// See `PlanSet.addDecoding`.
  mutating func addDecoding(of input: String, rows: Int, output: String? = nil) throws(Failure) -> DecodingPlans? {
    do {
      return try planSet.addDecoding(of: input, rows: rows, output: output)
    } catch { throw file.failure(error) }
  }

  /// A machine for the plans, on the best kernels of this processor.
  func machine(threads: Int) throws(Failure) -> (Machine, InstructionSet) {
    let instructionSet: InstructionSet
    do {
      instructionSet = try InstructionSet.selected()
    } catch { throw Failure(.diagnostics, error.description) }
    do {
      return (try Machine(plans: planSet.plans, threads: threads, table: instructionSet.kernelTable), instructionSet)
    } catch {
      switch error {
      case .outOfMemory(let needed, let available):
        throw Failure(
          .diagnostics,
          "\(file.path): \(planSet.model.name) needs \(NumberFormat.bytes(needed)) of memory, "
            + "of which the machine has \(NumberFormat.bytes(available)) available",
          help: weightsHelp(available) ?? "try a smaller batch")
      case .noThreads(let code):
        throw Failure(.internalError, "no thread could be started: system error \(code)")
      }
    }
  }
}

extension Preparation {
  /// What is said of a net whose weights alone do not fit: the largest one, with the line of its layer. nil for others.
  private func weightsHelp(_ available: Int) -> String? {
    let kept = (plans.map(\.persistentBytes).max() ?? 0) - plans.reduce(0) { $0 + $1.keptExampleBytes }
    func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
    guard kept > available,
      let largest = planSet.model.variables.max(by: { count($0.shape) < count($1.shape) })
    else { return nil }
    let layer = planSet.model.layers.last { isPath($0.path, of: largest.name) }
    let line = layer.map { ", line \($0.line)" } ?? ""
    return
      "whatever the batch, weights and optimizer states need \(NumberFormat.bytes(kept)) of it; the largest weight is "
      + "`\(largest.name)`, \(largest.shape.map(String.init).joined(separator: " x "))\(line)"
  }
}

extension CheckedFile {
  /// The message for a model that has no plan.
  func failure(_ error: CompilationError) -> Failure {
    func bug(_ what: String) -> Failure {
      Failure(.internalError, "\(path): \(what)", help: "this is a mistake of netc, not of the file; please report it")
    }
    switch error {
    case .model(let error):
      Terminal.note(DiagnosticRenderer(isColoured: Terminal.colours).text(error.diagnostics))
      return Failure(.diagnostics, "")
    case .notTrained(let net): return Failure(.diagnostics, "\(path): \(net) has no `train` section")
    case .differentiation(let error):
      if case .notDifferentiable(let op) = error.reason {
        return Failure(.diagnostics, "\(path):\(error.origin.line): `\(op)` has no gradient, so it cannot be trained")
      }
      return bug("the gradient of `\(error.op)` does not fit: \(error.reason)")
    case .broken(let error): return bug("the pass \(error.pass) broke the graph: \(error.problems.first ?? "")")
    case .planning(let error):
      return Failure(
        .diagnostics, "\(path):\(error.origin.line): `\(error.op)` cannot be computed yet: \(error.reason)")
    }
  }

  /// The graph of a model, see `GraphStage.graph`.
  func graph(of model: Model, _ purpose: GraphStage.Purpose, batch: Int) throws(Failure) -> Graph {
    do {
      return try GraphStage.graph(model, purpose, batch: batch)
    } catch { throw failure(error) }
  }
}

extension CheckedFile {
  /// The inputs of a model that will be bytes, as far as is known of the data that train it before they are opened.
  func byteValues(of model: Model) -> [String: ByteValues] {
    model.training?.data.byteValues(of: model.inputs + model.targets, folder: folder) ?? [:]
  }
}
