import Datasets
import Driver
import Execution
import Graphs
import Semantics
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A trained net that reads texts.
struct TextReader {
  /// What the net does with a text.
  private enum Task {
    /// Names one of the classes.
    case classify
    /// Continues it: the logits of a place are those of the piece at it, or after it if `isShifted`.
    case `continue`(isShifted: Bool)
    /// Makes another text of it, the net's second input, piece by piece.
    case answer
  }

  private let machine: Machine
  private let inputs: [(tensor: PlanTensor, encoder: TokenEncoder)]
  private let output: PlanTensor
  private let task: Task
  private let path: String

  /// Throws when the net does not take texts, or the files do not fit it.
  init(
    _ file: CheckedFile, _ model: Model, weights: String, encoders: [TokenEncoder], threads: Int
  ) throws(Failure) {
    path = file.path
    var preparation = Preparation(file, model)
    let plan = try preparation.add(.inference, batch: 1)
    (machine, _) = try preparation.machine(threads: threads)
    do { try Weights(of: machine, plan: plan).load(try SafetensorsFile(weights)) } catch { throw Failure(error) }
    var inputs: [(tensor: PlanTensor, encoder: TokenEncoder)] = []
    for declaration in model.inputs {
      guard let tensor = machine.plans[plan].feeds.first(where: { $0.name == declaration.name }),
        let encoder = encoders.first(where: { $0.tensors.contains(declaration.name) }), tensor.shape.count == 2
      else { throw Failure(.diagnostics, "\(file.path): `\(declaration.name)` of \(model.name) is not made of text") }
      if case .index(let count) = declaration.element, encoder.pieces.count > count {
        throw Failure(
          .badData, "\(file.path): the vocabulary has \(encoder.pieces.count) pieces, `\(declaration.name)` \(count)")
      }
      inputs.append((tensor, encoder))
    }
    self.inputs = inputs
    guard let output = machine.plans[plan].outputs.first, let last = inputs.last else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) has no output")
    }
    self.output = output
    let givesSequence = output.shape.count == 3 && output.shape[1] == last.tensor.shape[1]
    switch (inputs.count, givesSequence) {
    case (1, false) where output.shape.count == 2: task = .classify
    case (1, true): task = .continue(isShifted: !model.targets.isEmpty)
    case (2, true): task = .answer
    default: throw Failure(.diagnostics, "\(file.path): \(model.name) neither names classes nor writes a text")
    }
  }

  /// What the net says to a text. A language model adds `length` pieces.
  func answer(_ text: String, length: Int, _ choice: inout Choice) throws(Failure) -> String {
    var tokens = inputs[0].encoder.encode(text)
    let places = inputs[0].tensor.shape[1]
    guard tokens.count <= places || isContinuing else {
      throw Failure(.badData, "\(path): the text has \(tokens.count) pieces, the net reads \(places)")
    }
    switch task {
    case .classify:
      write(tokens, to: 0)
      machine.run()
      let shares = softmax(machine.read(output).map { Double($0) })
      let order = shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }
      return order.prefix(5).map { "\($0) \(NumberFormat.fixed(shares[$0], 4))" }.joined(separator: "  ")
    case .continue(let isShifted):
      for _ in 0..<length {
        // The last places that leave room for the next piece.
        let window = Array(tokens.suffix(isShifted ? places : places - 1))
        write(window, to: 0)
        tokens.append(next(at: isShifted ? window.count - 1 : window.count, &choice))
        if Int(tokens[tokens.count - 1]) == inputs[0].encoder.transform.end { break }
      }
      return inputs[0].encoder.decode(tokens)
    case .answer:
      let (tensor, encoder) = inputs[1]
      var answer: [Int32] = []
      while answer.count < tensor.shape[1] {
        // A run may use the memory of what it has read for something else.
        write(tokens, to: 0)
        write(answer, to: 1)
        let token = next(at: answer.count, &choice)
        if Int(token) == encoder.transform.end || Int(token) == encoder.transform.pad { break }
        answer.append(token)
      }
      return encoder.decode(answer)
    }
  }

  private var isContinuing: Bool { if case .continue = task { true } else { false } }

  /// The piece that the net puts at a place of its output.
  private func next(at place: Int, _ choice: inout Choice) -> Int32 {
    machine.run()
    let logits = machine.read(output)
    let classes = output.shape[2]
    return Int32(choice(logits[(place * classes)..<((place + 1) * classes)]))
  }

  private func write(_ tokens: [Int32], to input: Int) {
    let (tensor, encoder) = inputs[input]
    let padding = [Int32](repeating: Int32(encoder.transform.pad), count: tensor.count - tokens.count)
    machine.write(tokens + padding, to: tensor)
  }
}

/// e to the power of each number, divided by their sum.
func softmax(_ numbers: [Double]) -> [Double] {
  let greatest = numbers.max() ?? 0
  let powers = numbers.map { exp($0 - greatest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
