/// Takes a part of the examples for the validation, such that every class has its share in it.
struct StratifiedSplit {
  /// The class of each example; nil where there are none and the examples are all alike.
  let classes: [Int32]?

  /// The classes of the only target that names one, if there is just one.
  init(_ examples: LoadedExamples) {
    let targets = examples.tensors.filter { $0.declaration.role == .target }
    let named = targets.compactMap { target -> [Int32]? in
      guard target.declaration.shape.isEmpty else { return nil }
      switch (target.declaration.element, target.storage) {
      case (.index, .indices(let numbers)): return numbers
      case (.bool, .floats(let numbers)): return numbers.map { Int32($0) }
      default: return nil
      }
    }
    classes = named.count == 1 && named[0].count == examples.count ? named[0] : nil
  }

  /// The first `count` rows of `order`, or of each class its share of them: rounded down, and of those that lose most by that one more
  /// each (the method of the largest remainder; equal ones in the order of the classes).
  func rows(_ count: Int, of order: [Int32]) -> Set<Int32> {
    guard let classes else { return Set(order.prefix(count)) }
    var members: [Int32: [Int32]] = [:]
    for row in order { members[classes[Int(row)], default: []].append(row) }
    let names = members.keys.sorted()
    func share(_ name: Int32) -> (whole: Int, rest: Int) {
      let (quotient, rest) = ((members[name]?.count ?? 0) * count).quotientAndRemainder(dividingBy: max(1, order.count))
      return (quotient, rest)
    }
    var taken = Dictionary(uniqueKeysWithValues: names.map { ($0, share($0).whole) })
    let missing = count - taken.values.reduce(0, +)
    let losers = names.sorted { (share($1).rest, $0) < (share($0).rest, $1) }
    for name in losers.prefix(missing) { taken[name, default: 0] += 1 }
    return Set(names.flatMap { (members[$0] ?? []).prefix(taken[$0] ?? 0) })
  }
}
