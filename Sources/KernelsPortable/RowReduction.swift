import KernelContract

/// See `RowReductionParameters`.
func rowReduction(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let parameters = context.parameters.load(as: RowReductionParameters.self)
  let x = UnsafePointer(context.operands[0].assumingMemoryBound(to: Float.self))
  let partials = context.operands[parameters.kind.isSum ? 1 : 2].assumingMemoryBound(to: Double.self)
  for item in first..<end {
    let start = item * parameters.rowBlock
    let rows = start..<min(start + parameters.rowBlock, parameters.rows)
    var total = 0.0
    if parameters.group > 1 {
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: parameters.group) {
        let targets = context.operands[1].assumingMemoryBound(to: Int32.self)
        var (counts, isRight) = (false, true)
        for row in first..<first + parameters.group where Int(targets[row]) != parameters.ignored {
          counts = true
          let numbers = x + row * parameters.stride
          if !isAmong(numbers, parameters.columns, Int(targets[row]), parameters.largest) { isRight = false }
        }
        total += counts && isRight ? 1 : 0
      }
      partials[item] = total
      continue
    }
    for row in rows {
      let numbers = x + row * parameters.stride
      switch parameters.kind {
      case .sum: total += sum(numbers, min(parameters.columns, parameters.count - row * parameters.columns))
      case .sumOfSquares:
        total += sumOfSquares(numbers, min(parameters.columns, parameters.count - row * parameters.columns))
      case .correct:
        let target = context.operands[1].assumingMemoryBound(to: Int32.self)[row]
        if Int(target) == parameters.ignored { continue }
        total += firstLargest(numbers, parameters.columns) == Int(target) ? 1 : 0
      case .among:
        let target = Int(context.operands[1].assumingMemoryBound(to: Int32.self)[row])
        if target == parameters.ignored { continue }
        total += isAmong(numbers, parameters.columns, target, parameters.largest) ? 1 : 0
      case .binaryCorrect:
        let target = context.operands[1].assumingMemoryBound(to: Float.self)[row]
        total += (numbers[0] > 0) == (target > 0.5) ? 1 : 0
      }
    }
    partials[item] = total
  }
}

/// See `PartialSumParameters`.
func partialSum(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let parameters = context.parameters.load(as: PartialSumParameters.self)
  let partials = context.operands[0].assumingMemoryBound(to: Double.self)
  var total = 0.0
  for index in 0..<parameters.count { total += partials[index] }
  context.operands[1].storeBytes(of: Float(total * parameters.scale), as: Float.self)
}

/// See `StridedSumParameters`. Neighbouring sums of neighbouring numbers are computed 16 at a time, each in the order in
/// which it would be by itself: how the items are shared out shows in no bit.
func stridedSum(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let parameters = context.parameters.load(as: StridedSumParameters.self)
  let source = UnsafePointer(context.operands[0].assumingMemoryBound(to: Float.self))
  let result = context.operands[1].assumingMemoryBound(to: Float.self)
  let (last, inner) = (parameters.kept[3], parameters.summed[3])
  let isContiguous = last.source == 1 && last.result == 1
  var item = first
  while item < end {
    var rest = item
    var from = 0
    var to = 0
    for loop in (0..<4).reversed() {
      let position = rest % parameters.kept[loop].extent
      rest /= parameters.kept[loop].extent
      from += position * parameters.kept[loop].source
      to += position * parameters.kept[loop].result
    }
    let isVector = isContiguous && item + lanes <= end && item % last.extent + lanes <= last.extent
    var total = 0.0
    var low = SIMD8<Double>.zero
    var high = SIMD8<Double>.zero
    for outer in 0..<parameters.terms / max(1, inner.extent) {
      var rest = outer
      var start = from
      for loop in (0..<3).reversed() {
        start += rest % parameters.summed[loop].extent * parameters.summed[loop].source
        rest /= parameters.summed[loop].extent
      }
      if isVector {
        for step in 0..<inner.extent {
          let numbers = source.vector(at: start + step * inner.source)
          low += SIMD8<Double>(numbers.lowHalf)
          high += SIMD8<Double>(numbers.highHalf)
        }
      } else {
        for step in 0..<inner.extent { total += Double(source[start + step * inner.source]) }
      }
    }
    if isVector {
      for lane in 0..<8 {
        result[to + lane] = Float(low[lane] * parameters.scale)
        result[to + 8 + lane] = Float(high[lane] * parameters.scale)
      }
      item += lanes
    } else {
      result[to] = Float(total * parameters.scale)
      item += 1
    }
  }
}

/// The sum of `count` numbers: four vectors of float sums over stretches of 1024, those added in Double.
@inline(__always)
private func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
  var total = 0.0
  var index = 0
  while index + 64 <= count {
    let end = min(index + 1024, count)
    var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    while index + 64 <= end {
      a = a + x.vector(at: index)
      b = b + x.vector(at: index + 16)
      c = c + x.vector(at: index + 32)
      d = d + x.vector(at: index + 48)
      index += 64
    }
    total += Double(((a + b) + (c + d)).laneSum)
  }
  while index < count {
    total += Double(x[index])
    index += 1
  }
  return total
}

/// The sum of the squares of `count` numbers, in the same way.
@inline(__always)
private func sumOfSquares(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
  var total = 0.0
  var index = 0
  while index + 64 <= count {
    let end = min(index + 1024, count)
    var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    while index + 64 <= end {
      a = fma(x.vector(at: index), x.vector(at: index), a)
      b = fma(x.vector(at: index + 16), x.vector(at: index + 16), b)
      c = fma(x.vector(at: index + 32), x.vector(at: index + 32), c)
      d = fma(x.vector(at: index + 48), x.vector(at: index + 48), d)
      index += 64
    }
    total += Double(((a + b) + (c + d)).laneSum)
  }
  while index < count {
    total += Double(x[index]) * Double(x[index])
    index += 1
  }
  return total
}

/// Whether fewer than `largest` numbers come before the one at `target`: greater ones, and equal ones that stand before it.
/// What is not a number is among none.
@inline(__always)
private func isAmong(_ x: UnsafePointer<Float>, _ count: Int, _ target: Int, _ largest: Int) -> Bool {
  let value = x[target]
  var before = 0
  for index in 0..<count where x[index] > value || x[index] == value && index < target { before += 1 }
  return value == value && before < largest
}

@inline(__always)
private func firstLargest(_ x: UnsafePointer<Float>, _ count: Int) -> Int {
  var best = 0
  var index = 1
  while index < count {
    if x[index] > x[best] { best = index }
    index += 1
  }
  return best
}
