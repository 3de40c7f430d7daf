import Datasets
import Graphs
import Ops

extension Graph {
  /// The inputs of a net, those marked that a recurrent layer or attention takes as its mask just as they are.
  func markingMasks(_ inputs: [TensorDeclaration]) -> [TensorDeclaration] {
    var masks: Set<String> = []
    for node in nodes where node.op is Attention || node.op is Recurrence {
      for operand in node.operands where self[operand].type.element == .bool {
        if case .feed(let feed) = self[operand].kind { masks.insert(feed.name) }
      }
    }
    return inputs.map { input in
      var input = input
      input.isMask = masks.contains(input.name)
      return input
    }
  }
}
