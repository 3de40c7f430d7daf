/// The elements of a list or a tuple: one object, however many names and lists hold it. Lists of lists may so stand for far more
/// elements than a machine can count; whoever walks over them looks at each list once, or stops early.
final class ListMeaning {
  let elements: [Meaning]
  /// How many lists stand within one another: 1 where no element is a list.
  let depth: Int

  init(_ elements: [Meaning]) {
    self.elements = elements
    depth = 1 + elements.reduce(0) { if case .list(let list) = $1 { max($0, list.depth) } else { $0 } }
  }

  var count: Int { elements.count }
}

/// Compares values of compile time, each pair of lists once.
struct ListComparison {
  /// What two values are to one another.
  enum Outcome {
    case equal, different
    /// They are of kinds that are not compared.
    case incomparable
    /// Something in them is unknown after a mistake.
    case unknown
  }

  private struct Pair: Hashable {
    let left: ObjectIdentifier
    let right: ObjectIdentifier
  }

  private var known: [Pair: Outcome] = [:]
  /// Takes one comparison of elements; false when there were too many.
  private let spend: () -> Bool

  init(spend: @escaping () -> Bool) { self.spend = spend }

  /// `none` differs from everything else.
  mutating func compare(_ left: Meaning, _ right: Meaning) -> Outcome {
    switch (left, right) {
    case (.unknown, _), (_, .unknown): return .unknown
    case (.none, .none): return .equal
    case (.none, _), (_, .none): return .different
    case (.number(let a), .number(let b)): return Number.isEqual(a, b) ? .equal : .different
    case (.flag(let a), .flag(let b)): return a == b ? .equal : .different
    case (.text(let a), .text(let b)): return a == b ? .equal : .different
    case (.list(let a), .list(let b)): return compare(a, b)
    default: return .incomparable
    }
  }

  private mutating func compare(_ left: ListMeaning, _ right: ListMeaning) -> Outcome {
    if left.count != right.count { return .different }
    let pair = Pair(left: ObjectIdentifier(left), right: ObjectIdentifier(right))
    if let known = known[pair] { return known }
    var outcome = Outcome.equal
    for (a, b) in zip(left.elements, right.elements) where outcome == .equal {
      outcome = spend() ? compare(a, b) : .unknown
    }
    known[pair] = outcome
    return outcome
  }
}
