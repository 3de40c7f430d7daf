import KernelContract

/// Cuts a range into the fewest parts of at most `most`, as equal as can be: 49 by 14 is 13, 12, 12, 12.
struct Tiles {
  private var first = 0
  private var remaining: Int
  private var parts: Int

  @inline(__always)
  init(_ count: Int, most: Int) {
    remaining = count
    parts = ceilingQuotient(count, most)
  }

  /// The next part, from the first to the last.
  @inline(__always)
  mutating func next() -> (first: Int, count: Int)? {
    guard parts > 0 else { return nil }
    let count = ceilingQuotient(remaining, parts)
    defer {
      first += count
      remaining -= count
      parts -= 1
    }
    return (first, count)
  }

  /// The next parts that are equal: all, or those before the first that is smaller.
  @inline(__always)
  mutating func nextEqual() -> (first: Int, size: Int, count: Int)? {
    guard parts > 0 else { return nil }
    let size = ceilingQuotient(remaining, parts)
    let count = remaining - (size - 1) * parts
    defer {
      first += count * size
      remaining -= count * size
      parts -= count
    }
    return (first, size, count)
  }
}

extension KernelContext {
  /// Operand number `index` as floats.
  @inline(__always)
  borrowing func floats(_ index: Int) -> UnsafeMutablePointer<Float> {
    operands[index].assumingMemoryBound(to: Float.self)
  }
}
