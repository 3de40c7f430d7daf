/// A net that says how likely each piece is to come next.
package protocol SequenceScorer {
  /// Starts with a text: the rows of the net's other inputs, in their order, padded.
  mutating func begin(_ inputs: [[Int32]])

  /// The logits of the piece that follows each of some sequences, all equally long.
  /// - Parameter origins: for each sequence, which one of the last call it continues by one piece.
  mutating func logits(of sequences: [[Int32]], origins: [Int]) -> [[Float]]
}
