import KernelContract

private typealias Floats = UnsafeMutablePointer<Float>

/// The positions under one window along one axis: `count` of them, `step` apart from `start` on, all in the image.
struct WindowSpan {
  let start: Int
  let step: Int
  let count: Int
  /// The positions in the padded image.
  let paddedCount: Int
}

extension PoolingWindows.Axis {
  @inline(__always) func span(_ index: Int) -> WindowSpan {
    if isAdaptive {
      let start = index * input / output
      let count = ((index + 1) * input + output - 1) / output - start
      return WindowSpan(start: start, step: 1, count: count, paddedCount: count)
    }
    var start = index * stride - padding
    var count = kernel
    let paddedEnd = min(start + (kernel - 1) * dilation + 1, input + padding)
    let paddedCount = (paddedEnd - start + dilation - 1) / dilation
    if start < 0 {
      let skipped = (dilation - 1 - start) / dilation
      start += skipped * dilation
      count -= skipped
    }
    count = min(count, (input - start + dilation - 1) / dilation)
    return WindowSpan(start: start, step: dilation, count: max(0, count), paddedCount: paddedCount)
  }
}

extension Pooling.Function {
  // Switches, because an enumeration's == of another module is a call.

  fileprivate var isMaximum: Bool {
    switch self {
    case .maximum: true
    case .average, .paddedAverage: false
    }
  }

  fileprivate var countsPadding: Bool {
    switch self {
    case .paddedAverage: true
    case .maximum, .average: false
    }
  }
}

/// See `Pooling`. Item `i` is row `i % output rows` of image `i / output rows`.
func pooling(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: Pooling.self).pointee
  let w = p.windows
  let isPadded = w.inputStride % lanes == 0 && w.outputStride % lanes == 0
  let (isMaximum, countsPadding) = (p.function.isMaximum, p.function.countsPadding)
  for item in first..<end {
    let image = item / w.rows.output
    let x =
      context.operands[0].assumingMemoryBound(to: Float.self) + image * w.rows.input * w.columns.input * w.inputStride
    let y = context.operands[1].assumingMemoryBound(to: Float.self) + item * w.columns.output * w.outputStride
    let rows = w.rows.span(item % w.rows.output)
    for column in 0..<w.columns.output {
      let columns = w.columns.span(column)
      let window = PoolingWindow(
        rows: rows.count, columns: columns.count, rowStep: rows.step * w.columns.input * w.inputStride,
        columnStep: columns.step * w.inputStride)
      let from = x + (rows.start * w.columns.input + columns.start) * w.inputStride
      let to = y + column * w.outputStride
      let divisor =
        countsPadding ? rows.paddedCount * columns.paddedCount : rows.count * columns.count
      var channel = 0
      while channel < w.channels {
        let width = isPadded ? lanes : w.channels - channel
        if isMaximum {
          to.store(window.maximum(from + channel, width), at: channel, count: width)
        } else {
          to.store(window.sum(from + channel, width) / splat(Float(divisor)), at: channel, count: width)
        }
        channel += lanes
      }
    }
  }
}

/// The positions under one window, relative to the first.
private struct PoolingWindow {
  let rows: Int
  let columns: Int
  let rowStep: Int
  let columnStep: Int

  @inline(__always) func maximum(_ x: Floats, _ width: Int) -> Vector {
    var greatest = splat(-.infinity)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = x.vector(at: row * rowStep + column * columnStep, count: width)
        greatest = select((value .> greatest) .| (value .!= value), value, greatest)
      }
    }
    return greatest
  }

  @inline(__always) func sum(_ x: Floats, _ width: Int) -> Vector {
    var sum = Vector.zero
    for row in 0..<rows {
      for column in 0..<columns { sum += x.vector(at: row * rowStep + column * columnStep, count: width) }
    }
    return sum
  }

  /// Gives dy to the first element that is y (or no number); `isOnly` says that nothing else is ever added there.
  @inline(__always) func giveToMaximum(_ dy: Vector, _ x: Floats, _ y: Vector, _ dx: Floats, _ width: Int, isOnly: Bool)
  {
    var left = dy
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * rowStep + column * columnStep
        let value = x.vector(at: place, count: width)
        let isTaker = (value .== y) .| (value .!= value)
        let share = select(isTaker, left, splat(0))
        left = select(isTaker, splat(0), left)
        dx.store(isOnly ? share : dx.vector(at: place, count: width) + share, at: place, count: width)
      }
    }
  }

  @inline(__always) func giveToAll(_ share: Vector, _ dx: Floats, _ width: Int, isOnly: Bool) {
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * rowStep + column * columnStep
        dx.store(isOnly ? share : dx.vector(at: place, count: width) + share, at: place, count: width)
      }
    }
  }
}

/// See `PoolingGradient`.
func poolingGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: PoolingGradient.self).pointee
  let w = p.windows
  let isDisjoint = p.isDisjoint
  let groups = p.groups
  for item in first..<end {
    if isDisjoint {
      let image = item / w.rows.output
      let row = item % w.rows.output
      let pass = GradientPass(p, context, image, firstChannel: 0, endChannel: w.channels)
      // The rows from this window on to the next one belong to the item, or those to the end of the image.
      let start = row * w.rows.stride
      let next = row + 1 == w.rows.output ? w.rows.input : min(start + w.rows.stride, w.rows.input)
      let isTight = w.rows.kernel == w.rows.stride && w.columns.kernel == w.columns.stride
      if isTight {
        pass.clear(rows: start + w.rows.kernel..<max(start + w.rows.kernel, next), columns: 0..<w.columns.input)
        let covered = min(w.columns.output * w.columns.stride, w.columns.input)
        pass.clear(rows: start..<min(start + w.rows.kernel, next), columns: covered..<w.columns.input)
      } else {
        pass.clear(rows: start..<next, columns: 0..<w.columns.input)
      }
      pass.giveRow(row, isOnly: true)
    } else {
      let firstChannel = item % groups * PoolingGradient.groupChannels
      let pass = GradientPass(
        p, context, item / groups, firstChannel: firstChannel,
        endChannel: min(w.channels, firstChannel + PoolingGradient.groupChannels))
      // Rows are cleared when the first window reaches them, so that they are still in the cache when they are added to.
      var cleared = 0
      for row in 0..<w.rows.output {
        let span = w.rows.span(row)
        let reach = max(cleared, span.start + (span.count - 1) * span.step + 1)
        pass.clear(rows: cleared..<reach, columns: 0..<w.columns.input)
        cleared = reach
        pass.giveRow(row, isOnly: false)
      }
      pass.clear(rows: cleared..<max(cleared, w.rows.input), columns: 0..<w.columns.input)
    }
  }
}

/// Some channels of one image of the gradient.
private struct GradientPass {
  let windows: PoolingWindows
  let isMaximum: Bool
  let countsPadding: Bool
  let dy: Floats
  let x: Floats
  let y: Floats
  let dx: Floats
  let firstChannel: Int
  let endChannel: Int
  let isPadded: Bool

  @inline(__always) init(
    _ p: PoolingGradient, _ context: borrowing KernelContext, _ image: Int, firstChannel: Int, endChannel: Int
  ) {
    windows = p.windows
    isMaximum = p.function.isMaximum
    countsPadding = p.function.countsPadding
    let input = image * windows.rows.input * windows.columns.input * windows.inputStride
    let output = image * windows.rows.output * windows.columns.output * windows.outputStride
    dy = context.operands[0].assumingMemoryBound(to: Float.self) + output
    if isMaximum {
      x = context.operands[1].assumingMemoryBound(to: Float.self) + input
      y = context.operands[2].assumingMemoryBound(to: Float.self) + output
      dx = context.operands[3].assumingMemoryBound(to: Float.self) + input
    } else {
      dx = context.operands[1].assumingMemoryBound(to: Float.self) + input
      x = dx
      y = dy
    }
    self.firstChannel = firstChannel
    self.endChannel = endChannel
    isPadded = windows.inputStride % lanes == 0 && windows.outputStride % lanes == 0
  }

  @inline(never) func clear(rows: Range<Int>, columns: Range<Int>) {
    for row in rows {
      for column in columns {
        let pixel = dx + (row * windows.columns.input + column) * windows.inputStride
        var channel = firstChannel
        while channel < endChannel {
          pixel.store(.zero, at: channel, count: isPadded ? lanes : endChannel - channel)
          channel += lanes
        }
      }
    }
  }

  /// Shares out dy of one row of windows.
  @inline(never) func giveRow(_ row: Int, isOnly: Bool) {
    let rows = windows.rows.span(row)
    for column in 0..<windows.columns.output {
      let columns = windows.columns.span(column)
      let window = PoolingWindow(
        rows: rows.count, columns: columns.count, rowStep: rows.step * windows.columns.input * windows.inputStride,
        columnStep: columns.step * windows.inputStride)
      let input = (rows.start * windows.columns.input + columns.start) * windows.inputStride
      let output = (row * windows.columns.output + column) * windows.outputStride
      let divisor =
        countsPadding ? rows.paddedCount * columns.paddedCount : rows.count * columns.count
      var channel = firstChannel
      while channel < endChannel {
        let width = isPadded ? lanes : endChannel - channel
        let gradient = dy.vector(at: output + channel, count: width)
        if isMaximum {
          let greatest = y.vector(at: output + channel, count: width)
          window.giveToMaximum(gradient, x + input + channel, greatest, dx + input + channel, width, isOnly: isOnly)
        } else {
          window.giveToAll(gradient / splat(Float(divisor)), dx + input + channel, width, isOnly: isOnly)
        }
        channel += lanes
      }
    }
  }
}
