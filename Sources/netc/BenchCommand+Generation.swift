import Driver
import Execution
import Generation
import Graphs
import Semantics
import Source
import Training

extension BenchCommand {
  /// Times how a net with random weights writes `pieces` pieces, the reading of its other input included.
  func benchGeneration(_ file: CheckedFile, _ model: Model, pieces: Int) throws(Failure) {
    guard let written = model.inputs.last, case .index(let count) = written.element, written.shape.count == 1 else {
      throw Failure(.diagnostics, "\(file.path): the last input of \(model.name) is no sequence of whole numbers")
    }
    var preparation = Preparation(file, model, trains: false)
    guard let plans = try preparation.addDecoding(of: written.name, rows: beam) else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) cannot be computed place by place")
    }
    let (machine, _) = try preparation.machine(threads: threads.count)
    for plan in [plans.step, plans.once] {
      Weights.initialize(machine, plan: plan, variables: preparation.variables, seed: 1)
    }
    let others = model.inputs.dropLast()
    guard
      let decoder = StepDecoder(
        machine, step: plans.step, once: plans.once, input: plans.input, inputs: others.map(\.name),
        places: plans.places, start: plans.start)
    else { throw Failure(.diagnostics, "\(file.path): \(model.name) does not read all of its inputs") }
    var scorer: any SequenceScorer = decoder
    let prompt: [Int32] = plans.start == nil ? [Int32(count - 1)] : []
    let limit = min(pieces, plans.places - prompt.count)
    let texts = others.map { [Int32](repeating: 1, count: $0.shape.reduce(1, *)) }
    var times: [Double] = []
    for run in 0...steps {
      let start = SystemDescription.seconds
      scorer.begin(texts)
      if beam > 1 {
        _ = BeamSearch(width: beam, ends: []).sequence(after: prompt, limit: limit, &scorer)
      } else {
        var choice = PieceChoice(temperature: 0, seed: 1)
        _ = choice.sequence(after: prompt, limit: limit, ends: [], &scorer)
      }
      // The first run fills caches and wakes the threads.
      if run > 0 { times.append(SystemDescription.seconds - start) }
    }
    let sorted = times.sorted()
    let rates = [sorted[sorted.count / 2], sorted[0]].map { Double(limit) / $0 }
    if format == .json {
      let entries: [(String, JSON)] = [
        ("net", .string(model.name)), ("pieces", .integer(limit)), ("beam", .integer(beam)),
        ("threads", .integer(machine.threads)), ("pieces_per_second", .number(rates[0])),
        ("pieces_per_second_max", .number(rates[1])), ("peak_bytes", .integer(SystemDescription.peakBytes)),
      ]
      Terminal.result(JSON.object(entries).line + "\n")
    } else {
      Terminal.result(
        "\(model.name), \(limit) pieces, beam \(beam), \(machine.threads) \(machine.threads == 1 ? "thread" : "threads")\n"
          + "  \(NumberFormat.fixed(rates[0], 1)) pieces/s median, \(NumberFormat.fixed(rates[1], 1)) at best\n")
    }
    if profile {
      let times = StepTimes(machine, plan: plans.step)
      var nanoseconds = [UInt64](repeating: 0, count: times.count)
      for _ in 0..<steps {
        machine.run(plans.step, timing: times)
        for index in nanoseconds.indices { nanoseconds[index] += times.computing(index) }
      }
      Terminal.result(profileTable(machine.plans[plans.step], nanoseconds))
    }
  }
}
