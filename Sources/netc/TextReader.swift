import Datasets
import Driver
import Execution
import Generation
import Graphs
import Planning
import Semantics
import Training

/// A trained net that reads texts.
struct TextReader {
  /// What the net does with a text.
  private enum Task {
    /// Names one of the classes.
    case classify(plan: Int)
    /// Continues it.
    case `continue`
    /// Makes another text of it, the net's second input, piece by piece.
    case answer
  }

  /// What the net says to a text.
  struct Reply {
    enum Content {
      /// The share of each class.
      case classes([Double])
      /// What goes on where the text ends, with the space that parts them.
      case continuation(String)
      case answer(String)
    }
    let input: String
    let content: Content
  }

  private let machine: Machine
  /// The inputs in order with what makes numbers of their texts.
  private let inputs: [(declaration: TensorDeclaration, encoder: TokenEncoder)]
  private let task: Task
  /// Whether it writes texts at all, and whether it goes on with those that it gets.
  var writes: Bool { if case .classify = task { false } else { true } }
  var continues: Bool { if case .continue = task { true } else { false } }
  /// Whether the net says which piece a text begins with.
  private let startsByItself: Bool
  /// What says which piece comes next; nil where classes are named.
  private var scorer: (any SequenceScorer)?

  /// Throws when the net does not take texts, or the files do not fit it.
  /// - Parameter beam: how many sequences are followed at once.
  init(
    _ file: CheckedFile, _ model: Model, weights: String, encoders: [TokenEncoder], threads: Int, beam: Int
  ) throws(Failure) {
    inputs = try TextReader.inputs(of: model, encoders, path: file.path)
    let scored = PredictionTask.scoredOutput(of: model)
    guard let output = (model.outputs.first { $0.name == scored } ?? model.outputs.first)?.type, let last = inputs.last
    else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) has no output")
    }
    let writes = output.rank == 2 && output.shape[0] == last.declaration.shape[0] && inputs.count <= 2
    guard writes || (inputs.count == 1 && output.rank == 1) else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) neither names classes nor writes a text")
    }
    var preparation = Preparation(file, model, trains: false)
    let plans = writes ? try preparation.addDecoding(of: last.declaration.name, rows: beam, output: scored) : nil
    // Logits of a place are those of the piece at it, or after it.
    let looksAhead = inputs.count == 1 && !model.targets.isEmpty
    let steps = plans.flatMap { ($0.start == nil) == looksAhead ? $0 : nil }
    let whole =
      steps == nil ? try preparation.add(.inference, batch: 1, examples: ExamplePlacement(), output: scored) : nil
    (machine, _) = try preparation.machine(threads: threads)
    do {
      try Weights(of: machine, plans: Array(preparation.plans.indices)).load(try SafetensorsFile(weights))
    } catch { throw Failure(error) }
    startsByItself = writes && inputs.count == 1 && !looksAhead
    task = writes ? (inputs.count == 1 ? .continue : .answer) : .classify(plan: whole ?? 0)
    guard writes else { return }
    let others = inputs.dropLast().map(\.declaration.name)
    if let steps {
      scorer = StepDecoder(
        machine, step: steps.step, once: steps.once, input: steps.input, inputs: others, places: steps.places,
        start: steps.start)
    } else if let whole {
      scorer = WholeDecoder(
        machine, plan: whole, input: last.declaration.name, inputs: others, looksAhead: looksAhead,
        padding: last.encoder.transform.pad)
    }
    if scorer == nil { throw Failure(.diagnostics, "\(file.path): \(model.name) does not read all of its inputs") }
  }

  /// The inputs with their encoders; throws for one that is not made of text.
  private static func inputs(
    of model: Model, _ encoders: [TokenEncoder], path: String
  ) throws(Failure) -> [(declaration: TensorDeclaration, encoder: TokenEncoder)] {
    var inputs: [(declaration: TensorDeclaration, encoder: TokenEncoder)] = []
    for declaration in model.inputs {
      guard case .index(let count) = declaration.element, declaration.shape.count == 1,
        let encoder = encoders.first(where: { $0.tensors.contains(declaration.name) })
      else { throw Failure(.diagnostics, "\(path): `\(declaration.name)` of \(model.name) is not made of text") }
      if encoder.pieces.count > count {
        throw Failure(
          .badData, "\(path): the vocabulary has \(encoder.pieces.count) pieces, `\(declaration.name)` \(count)")
      }
      inputs.append((declaration, encoder))
    }
    return inputs
  }

  /// What the net says to a text. A language model adds at most `length` pieces.
  /// - Parameters:
  ///   - origin: which text it is, for messages.
  ///   - choice: how a piece is chosen where no beam is followed.
  ///   - beam: how many sequences are followed at once; as the reader was made for.
  mutating func answer(
    _ input: String, origin: String, length: Int, _ choice: inout PieceChoice, beam: Int
  ) throws(Failure) -> Reply {
    let (declaration, encoder) = inputs[0]
    let places = declaration.shape[0]
    let isBlank = input.allSatisfy(\.isWhitespace)
    if isBlank, !startsByItself { throw Failure(.badData, "\(origin): there is nothing to read in an empty text") }
    if !input.isEmpty { Terminal.warn(ofUnknown: input, origin: origin, encoder) }
    var tokens = isBlank && input.isEmpty ? [] : encoder.encode(input)
    if case .continue = task {
      if let end = encoder.transform.end, tokens.last == Int32(end) { tokens.removeLast() }
      begin([])
      let written = write(after: tokens, limit: length, encoder, &choice, beam).dropFirst(tokens.count)
      var text = encoder.decode(written, continues: !input.isEmpty)
      // A text that ends with its space, which no piece is, has it already.
      let hasSpace = input.last?.isWhitespace == true && encoder.transform.partsWords
      if hasSpace, text.hasPrefix(" ") { text.removeFirst() }
      return Reply(input: input, content: .continuation(text))
    }
    guard tokens.count <= places else {
      throw Failure(.badData, "\(origin): the text has \(tokens.count) pieces, the net reads \(places)")
    }
    tokens += [Int32](repeating: Int32(encoder.transform.pad), count: places - tokens.count)
    if case .classify(let plan) = task {
      return Reply(input: input, content: .classes(classes(of: tokens, plan)))
    }
    begin([tokens])
    let written = inputs[1]
    let tokensOfAnswer = write(after: [], limit: written.declaration.shape[0], written.encoder, &choice, beam)
    return Reply(input: input, content: .answer(written.encoder.decode(tokensOfAnswer)))
  }

  private mutating func begin(_ texts: [[Int32]]) { scorer?.begin(texts) }

  private mutating func write(
    after prompt: [Int32], limit: Int, _ encoder: TokenEncoder, _ choice: inout PieceChoice, _ beam: Int
  ) -> [Int32] {
    guard var scorer else { return prompt }
    defer { self.scorer = scorer }
    var ends: Set<Int32> = encoder.transform.end.map { [Int32($0)] } ?? []
    if case .answer = task { ends.insert(Int32(encoder.transform.pad)) }
    if beam > 1 { return BeamSearch(width: beam, ends: ends).sequence(after: prompt, limit: limit, &scorer) }
    return choice.sequence(after: prompt, limit: limit, ends: ends, &scorer)
  }

  /// The share of each class.
  private func classes(of tokens: [Int32], _ plan: Int) -> [Double] {
    guard let input = machine.plans[plan].feeds.first(where: { $0.name == inputs[0].declaration.name }),
      let output = machine.plans[plan].outputs.first
    else { return [] }
    machine.write(tokens, to: input)
    machine.run(plan)
    return softmax(machine.read(output).map { Double($0) })
  }
}

extension TokenTransform {
  /// Whether spaces part its pieces instead of being pieces.
  fileprivate var partsWords: Bool {
    switch pieces {
    case .words, .sentencePiece: true
    case .characters, .bytes: false
    }
  }
}
