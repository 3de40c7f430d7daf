import Datasets
import Driver
import Execution
import Foundation
import Generation
import Graphs
import Kernels
import Semantics
import Source
import Testing
import Training
import Transforms

/// Nets cut into places compute what they compute of whole sequences.
@Suite struct DecodingTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var file: String
    var overrides: [String]
    /// The sequence, and the net's other input.
    var input: String
    var other: String?
    var testDescription: String { file }

    static let all = [
      Case(
        file: "t5_small",
        overrides: [
          "vocab=23", "d=20", "heads=2", "head_dim=6", "ff=24", "layers=2", "src_len=7", "tgt_len=9", "drop=0.1",
        ].map { "T5Small." + $0 }, input: "tgt", other: "src"),
      Case(file: "char_lm", overrides: ["CharLM.length=11", "CharLM.d=20", "CharLM.layers=2"], input: "text"),
      Case(file: "phonemes", overrides: ["Phonemes.d=20", "Phonemes.layers=1"], input: "phonemes", other: "word"),
    ]

    func model() throws -> Model {
      let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      let path = "/\(folder)/models/\(file).net"
      let given = overrides.map { text in
        let parts = text.split(separator: "=").map(String.init)
        return SettingOverride(key: parts[0], value: parts[1])
      }
      let bytes = try InputFile(path).bytes()
      let compilation = Compilation(SourceFile(path: path, bytes: bytes), overrides: given)
      try #require(!compilation.hasErrors, "\(compilation.diagnostics.map(\.message))")
      return try #require(compilation.models.first)
    }
  }

  /// Numbers that look random and are the same everywhere.
  struct Numbers {
    var state: UInt64
    mutating func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    mutating func row(_ count: Int, below limit: Int) -> [Int] { (0..<count).map { _ in next(below: limit) } }
  }

  /// In float64, and with a sequence that changes its row at every place.
  @Test(arguments: Case.all)
  func placesAreThoseOfTheWhole(_ net: Case) throws {
    let model = try net.model()
    let graph = try GraphStage.graph(model, .inference, batch: 1)
    let rows = 3
    let parts = try #require(try decoding(of: graph, net.input, rows: rows))
    var numbers = Numbers(state: 7)
    var variables: [String: HostTensor] = [:]
    for node in (graph.nodes + parts.once.nodes + parts.step.nodes) {
      guard let variable = node.variable, variables[variable.name] == nil else { continue }
      let values = (0..<node.type.count).map { _ in Double(numbers.next(below: 2001) - 1000) / 1500 }
      variables[variable.name] = HostTensor(shape: node.type.shape, values: values)
    }
    let sequence = numbers.row(parts.places, below: 20)
    var feeds = [net.input: HostTensor(shape: [1, parts.places], values: sequence.map(Double.init))]
    if let other = net.other {
      let length = try #require(model.inputs.first { $0.name == other }).shape[0]
      // The last pieces are padding.
      let text = numbers.row(length - 2, below: 19).map { $0 + 1 } + [0, 0]
      feeds[other] = HostTensor(shape: [1, length], values: text.map(Double.init))
    }
    let whole = try graph.evaluate(feeds: feeds, variables: variables)[graph.outputs[0].value]
    let classes = whole.shape[2]
    variables = try parts.once.evaluate(feeds: feeds, variables: variables).variables

    var origins = [[Int]](repeating: [Int](repeating: 0, count: parts.places), count: rows)
    var row = 0
    for place in 0..<parts.places {
      let next = (place * 2 + 1) % rows
      origins[next] = origins[row]
      for other in 0..<rows { origins[other][place] = other }
      row = next
      var tokens = numbers.row(rows, below: 20)
      tokens[row] = parts.start.map { place == 0 ? $0 : sequence[place - 1] } ?? sequence[place]
      let evaluation = try parts.step.evaluate(
        feeds: [
          net.input: HostTensor(shape: [rows, 1], values: tokens.map(Double.init)),
          "place": HostTensor(shape: [], values: [Double(place)]),
          "origins": HostTensor(shape: [rows, parts.places], values: origins.flatMap { $0 }.map(Double.init)),
        ], variables: variables)
      variables = evaluation.variables
      let found = evaluation[parts.step.outputs[0].value]
      for index in 0..<classes {
        let (a, b) = (found.values[row * classes + index], whole.values[place * classes + index])
        #expect(abs(a - b) <= 1e-9 * max(1, abs(b)), "place \(place), piece \(index)")
      }
    }
  }

  /// The kernels, with a beam whose rows change places, on one, two and three threads.
  @Test(arguments: Case.all)
  func stepsScoreAsTheWholeNetDoes(_ net: Case) throws {
    let model = try net.model()
    var set = PlanSet(model)
    let rows = 3
    let plans = try #require(try set.addDecoding(of: net.input, rows: rows))
    let whole = try set.add(.inference, batch: 1)
    var bits: [[UInt32]] = []
    for threads in 1...3 {
      let machine = try Machine(
        plans: set.plans, threads: threads, table: try InstructionSet.selected().kernelTable)
      Weights.initialize(machine, plan: whole, variables: set.variables, seed: 5)
      let others = net.other.map { [$0] } ?? []
      var steps = try #require(
        StepDecoder(
          machine, step: plans.step, once: plans.once, input: net.input, inputs: others, places: plans.places,
          start: plans.start))
      var reference = try #require(
        WholeDecoder(machine, plan: whole, input: net.input, inputs: others, looksAhead: false, padding: 0))
      var numbers = Numbers(state: 11)
      let texts = net.other.map { name in
        [numbers.row(model.inputs.first { $0.name == name }?.shape[0] ?? 0, below: 20).map { Int32($0) }]
      }
      reference.begin(texts ?? [])
      steps.begin(texts ?? [])
      var sequences: [[Int32]] = [[]]
      var origins = [0]
      var all: [UInt32] = []
      for _ in 0..<plans.places {
        let found = steps.logits(of: sequences, origins: origins)
        let expected = reference.logits(of: sequences, origins: origins)
        // The whole net has run on the same machine: what steps remember is untouched by that.
        for (row, (a, b)) in zip(found, expected).enumerated() {
          let greatest = b.map(abs).max() ?? 0
          let distance = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
          #expect(distance <= 1e-5 * greatest, "row \(row) of \(sequences[0].count) pieces")
          all += a.map(\.bitPattern)
        }
        origins = (0..<rows).map { _ in numbers.next(below: sequences.count) }
        sequences = origins.map { sequences[$0] + [Int32(numbers.next(below: 20))] }
      }
      bits.append(all)
    }
    #expect(bits[0] == bits[1] && bits[1] == bits[2], "threads show in the results")
  }

  /// Beyond its places a net goes on with the latter half of the sequence.
  @Test func longSequencesForgetTheirFront() throws {
    let net = Case.all[1]
    let model = try net.model()
    var set = PlanSet(model)
    let plans = try #require(try set.addDecoding(of: net.input, rows: 1))
    let machine = try Machine(plans: set.plans, threads: 1, table: try InstructionSet.selected().kernelTable)
    for plan in [plans.step, plans.once] { Weights.initialize(machine, plan: plan, variables: set.variables, seed: 5) }
    var decoder = try #require(
      StepDecoder(
        machine, step: plans.step, once: plans.once, input: net.input, inputs: [], places: plans.places,
        start: plans.start))
    var numbers = Numbers(state: 3)
    let sequence = numbers.row(plans.places, below: 20).map { Int32($0) }
    decoder.begin([])
    _ = decoder.logits(of: [Array(sequence.dropLast())], origins: [0])
    let long = decoder.logits(of: [sequence], origins: [0])
    decoder.begin([])
    #expect(long == decoder.logits(of: [Array(sequence.suffix(plans.places / 2))], origins: [0]))
  }

  @Test func netsThatNeedTheWholeAreNotCut() throws {
    let looksAhead = """
      net N {
        input a: index(9)[6]
        output y: f32[6, 9] = a -> e: embedding(9, 8) -> at: attention(2) -> fc: linear(9)
      }
      """
    let compilation = Compilation(SourceFile(path: "n.net", text: looksAhead))
    var set = PlanSet(try #require(compilation.models.first))
    #expect(try set.addDecoding(of: "a", rows: 1) == nil)
    #expect(set.plans.isEmpty)
  }

  /// Scores that depend on all pieces before.
  struct Oracle: SequenceScorer {
    static let pieces = 4
    mutating func begin(_ inputs: [[Int32]]) {}
    mutating func logits(of sequences: [[Int32]], origins: [Int]) -> [[Float]] { sequences.map(Self.logits) }
    static func logits(_ sequence: [Int32]) -> [Float] {
      var numbers = Numbers(state: sequence.reduce(17) { $0 &* 31 &+ UInt64($1) &+ 1 })
      _ = numbers.next(below: 2)
      return (0..<pieces).map { _ in Float(numbers.next(below: 1000)) / 200 }
    }
  }

  /// A beam wide enough for everything finds what trying everything finds.
  @Test(arguments: [1, 2, 3, 4])
  func aWideBeamFindsTheBest(limit: Int) {
    var best: (sequence: [Int32], score: Double) = ([], -.infinity)
    func visit(_ sequence: [Int32], _ score: Double) {
      if sequence.count == limit {
        if score > best.score { best = (sequence, score) }
        return
      }
      let logits = Oracle.logits(sequence).map(Double.init)
      let shares = softmax(logits)
      for (piece, share) in shares.enumerated() {
        let next = score + log(share)
        if piece == 0 {
          if next > best.score { best = (sequence, next) }
        } else {
          visit(sequence + [Int32(piece)], next)
        }
      }
    }
    visit([], 0)
    var scorer: any SequenceScorer = Oracle()
    let found = BeamSearch(width: 300, ends: [0], lengthPenalty: 0).sequence(after: [], limit: limit, &scorer)
    #expect(found == best.sequence)
  }
}
