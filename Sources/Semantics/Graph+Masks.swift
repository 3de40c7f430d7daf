import Datasets
import Graphs
import Ops

extension Graph {
  /// The inputs of a net, those marked that a recurrent layer or attention takes as its mask, just as they are or as `input != number`.
  func markingMasks(_ inputs: [TensorDeclaration]) -> [TensorDeclaration] {
    var hiding: [String: Double] = [:]
    for node in nodes where node.op is Attention || node.op is Recurrence {
      for operand in node.operands where self[operand].type.element == .bool {
        var (source, number) = (self[operand], 0.0)
        if let compare = source.op as? Compare, compare.relation == .notEqual, let other = compare.number {
          (source, number) = (self[source.operands[0]], other)
        }
        if case .feed(let feed) = source.kind { hiding[feed.name] = number }
      }
    }
    return inputs.map { input in
      var input = input
      input.hidingNumber = hiding[input.name]
      return input
    }
  }
}
