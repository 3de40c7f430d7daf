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

  /// The inputs and targets of a net, those marked that nothing but losses which ignore one and the same number have as their target.
  func markingIgnored(_ declarations: [TensorDeclaration]) -> [TensorDeclaration] {
    var ignored: [String: Set<Int?>] = [:]
    for node in nodes where node.origin.phase == .loss {
      guard let loss = node.op as? SoftmaxCrossEntropy, case .feed(let feed) = self[node.operands[1]].kind else {
        continue
      }
      ignored[feed.name, default: []].insert(loss.ignore)
    }
    return declarations.map { declaration in
      var declaration = declaration
      if let numbers = ignored[declaration.name], numbers.count == 1, let number = numbers.first {
        declaration.ignoredNumber = number
      }
      return declaration
    }
  }
}
