import Execution

/// Scores over a plan that computes one place of several sequences at a time and remembers the keys and values of the places before.
///
/// A sequence that goes on in another way than the one in its row finds its past where that was computed: nothing is copied. Where a
/// sequence has more pieces than the net has places, the older half of them is forgotten.
package struct StepDecoder: SequenceScorer {
  private let machine: Machine
  private let step: Int
  private let once: Int
  private let inputs: [PlanTensor]
  private let tokens: PlanTensor
  private let place: PlanTensor?
  private let origins: PlanTensor?
  private let output: PlanTensor
  private let rows: Int
  private let places: Int
  private let start: Int32?
  /// For each row and place the row that holds it.
  private var history: [Int32]
  /// How many places have been computed.
  private var known = 0
  /// How many pieces at the front are forgotten.
  private var forgotten = 0

  /// - Parameters:
  ///   - step: the number of the plan of one place, whose inputs are `input` [rows, 1], perhaps `place` and `origins`.
  ///   - once: the number of the plan that runs once for a text.
  ///   - inputs: the names of the net's other inputs.
  ///   - start: what the first place reads if places read what stands before them, else nil.
  ///
  /// Nil if the plans lack one of these.
  package init?(
    _ machine: Machine, step: Int, once: Int, input: String, inputs: [String], places: Int, start: Int?
  ) {
    let feeds = machine.plans[step].feeds
    guard let tokens = feeds.first(where: { $0.name == input && $0.role == "input" }),
      let output = machine.plans[step].outputs.first
    else { return nil }
    self.machine = machine
    self.step = step
    self.once = once
    self.inputs = inputs.compactMap { name in machine.plans[once].feeds.first { $0.name == name } }
    self.tokens = tokens
    self.output = output
    place = feeds.first { $0.role == "place" }
    origins = feeds.first { $0.role == "origins" }
    rows = tokens.shape[0]
    self.places = places
    self.start = start.map { Int32($0) }
    history = [Int32](repeating: 0, count: rows * places)
    if self.inputs.count != inputs.count { return nil }
  }

  package mutating func begin(_ inputs: [[Int32]]) {
    for (tensor, row) in zip(self.inputs, inputs) { machine.write(row, to: tensor) }
    machine.run(once)
    known = 0
    forgotten = 0
  }

  package mutating func logits(of sequences: [[Int32]], origins: [Int]) -> [[Float]] {
    let count = sequences.first?.count ?? 0
    if count - forgotten + (start == nil ? 0 : 1) > places {
      forgotten = count - min(max(1, places / 2), places - (start == nil ? 0 : 1))
      known = 0
    }
    let reads = sequences.map { (start.map { [$0] } ?? []) + $0[forgotten...] }
    follow(origins)
    let end = reads.first?.count ?? 0
    while known < end {
      let now = known
      for row in reads.indices { history[row * places + now] = Int32(row) }
      machine.write((0..<rows).map { $0 < reads.count ? reads[$0][now] : 0 }, to: tokens)
      if let place { machine.write([Int32(now)], to: place) }
      if let origins = self.origins { machine.write(history, to: origins) }
      machine.run(step)
      known += 1
    }
    let all = machine.read(output)
    let pieces = all.count / rows
    return reads.indices.map { Array(all[($0 * pieces)..<(($0 + 1) * pieces)]) }
  }

  /// Gives each row the past of the row that it continues.
  private mutating func follow(_ origins: [Int]) {
    guard known > 0, origins.enumerated().contains(where: { $0 != $1 }) else { return }
    let past = history
    for (row, origin) in origins.enumerated() {
      for place in 0..<known { history[row * places + place] = past[origin * places + place] }
    }
  }
}
