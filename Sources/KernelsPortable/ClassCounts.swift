import KernelContract

/// See `ScaledListParameters`.
func scaledList(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: ScaledListParameters.self)
  let factor = context.floats(0)[0]
  let result = context.floats(1) + p.pointee.start
  for index in 0..<p.pointee.count { result[index] = p.pointee.values[index] * factor }
}

/// See `ClassCountsParameters`.
func classCounts(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: ClassCountsParameters.self).pointee
  let logits = context.floats(0)
  let counts = context.floats(2)
  let isPairs =
    switch p.kind {
    case .pairs: true
    case .hits: false
    }
  let isBinary = p.classes == 1
  let columns = isBinary && isPairs ? 2 : p.classes
  for row in 0..<(isPairs ? columns : 3) {
    for column in 0..<columns { counts[row * p.resultStride + column] = 0 }
  }
  for row in 0..<p.rows {
    let place =
      p.labels.width == p.labels.stride
      ? row : row / p.labels.width * p.labels.stride + row % p.labels.width
    var predicted: Int
    var label: Int
    if isBinary {
      predicted = logits[row * p.rowStride] > 0 ? 1 : 0
      label = context.floats(1)[place] > 0.5 ? 1 : 0
      if !isPairs {
        counts[0] += Float(predicted & label)
        counts[p.resultStride] += Float(predicted)
        counts[2 * p.resultStride] += Float(label)
        continue
      }
    } else {
      predicted = firstGreatest(logits + row * p.rowStride, p.classes)
      label = Int(context.operands[1].assumingMemoryBound(to: Int32.self)[place])
      if label < 0 || label >= p.classes || p.labels.hasIgnored && label == Int(p.labels.ignored) { continue }
    }
    if isPairs {
      counts[label * p.resultStride + predicted] += 1
    } else {
      if predicted == label { counts[label] += 1 }
      counts[p.resultStride + predicted] += 1
      counts[2 * p.resultStride + label] += 1
    }
  }
}

@inline(__always)
private func firstGreatest(_ x: UnsafePointer<Float>, _ count: Int) -> Int {
  var best = 0
  var index = 1
  while index < count {
    if x[index] > x[best] { best = index }
    index += 1
  }
  return best
}
