import Execution

/// Scores by computing the whole sequence anew for each piece: for nets that cannot be computed place by place.
package struct WholeDecoder: SequenceScorer {
  private let machine: Machine
  private let plan: Int
  private let inputs: [PlanTensor]
  private let sequence: PlanTensor
  private let output: PlanTensor
  /// Whether a place scores the piece after it rather than its own.
  private let looksAhead: Bool
  private let padding: Int32
  private var texts: [[Int32]] = []

  /// - Parameters:
  ///   - plan: the number of the plan of the whole net for one example.
  ///   - input: the sequence; `inputs` are the net's other inputs.
  ///   - padding: what stands behind the sequence.
  ///
  /// Nil if the plan lacks one of these.
  package init?(
    _ machine: Machine, plan: Int, input: String, inputs: [String], looksAhead: Bool, padding: Int
  ) {
    let feeds = machine.plans[plan].feeds
    guard let sequence = feeds.first(where: { $0.name == input }), let output = machine.plans[plan].outputs.first
    else { return nil }
    self.machine = machine
    self.plan = plan
    self.inputs = inputs.compactMap { name in feeds.first { $0.name == name } }
    self.sequence = sequence
    self.output = output
    self.looksAhead = looksAhead
    self.padding = Int32(padding)
    if self.inputs.count != inputs.count { return nil }
  }

  package mutating func begin(_ inputs: [[Int32]]) { texts = inputs }

  package mutating func logits(of sequences: [[Int32]], origins: [Int]) -> [[Float]] {
    sequences.map { sequence in
      // The last places that leave room for the next piece.
      let window = Array(sequence.suffix(self.sequence.count - (looksAhead ? 0 : 1)))
      // A run may use the memory of what it has read for something else.
      for (tensor, row) in zip(inputs, texts) { machine.write(row, to: tensor) }
      let rest = [Int32](repeating: padding, count: self.sequence.count - window.count)
      machine.write(window + rest, to: self.sequence)
      machine.run(plan)
      let all = machine.read(output)
      let pieces = output.shape[output.shape.count - 1]
      let place = max(0, window.count - (looksAhead ? 1 : 0))
      return Array(all[(place * pieces)..<((place + 1) * pieces)])
    }
  }
}
