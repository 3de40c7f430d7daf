import Graphs
import Ops

extension Graph {
  /// Whether a net that is made to say what follows, since it looks only back, is shown at each place of a sequence the very piece that it
  /// is to say there.
  ///
  /// That is so where a way leads from `target` to `scores` on which every op keeps to its place (tables, linear layers, norms, what is
  /// elementwise) or looks from it back (causal self-attention, recurrence), with one at least that looks back. Nothing is said of a net
  /// without one: it may be meant to give back what it gets. Places stand on axis 1.
  func looksBack(from scores: Value, onto target: Value) -> Bool {
    let places = self[target].type.shape.dropFirst().first
    guard self[target].type.rank == 2, target.id < scores.id else { return false }
    // Of the values that see their own place of the target, whether they have looked back.
    var seen = [Bool?](repeating: nil, count: scores.id + 1)
    seen[target.id] = false
    for id in (target.id + 1)...scores.id {
      let node = nodes[id]
      guard let op = node.op, node.type.rank > 1, node.type.shape[1] == places else { continue }
      let operands = node.operands.map { seen[$0.id] }
      switch op {
      case is ShiftRight: continue
      case let attention as Attention:
        // Queries, keys and values.
        if attention.form.isCausal, operands.prefix(3).allSatisfy({ $0 != nil }) { seen[id] = true }
      case let recurrence as Recurrence:
        if !recurrence.form.isReversed, operands[0] != nil { seen[id] = true }
      case let output as RecurrenceOutput:
        if !output.form.isReversed, operands[0] != nil { seen[id] = true }
      case is any SequentialOp, is Dropout:
        let found = operands.compactMap(\.self)
        if !found.isEmpty { seen[id] = found.contains(true) }
      default: continue
      }
    }
    return seen[scores.id] == true
  }
}
