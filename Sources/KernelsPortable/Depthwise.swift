import KernelContract

/// The kernel of `DepthwiseParameters`; an item is one row of one image's result.
func depthwise(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: DepthwiseParameters.self)
  let pass = Depthwise(
    p.shape, source: UnsafePointer(context.floats(0)), weights: UnsafePointer(context.floats(1)))
  let result = context.floats(2)
  let epilogue = TileEpilogue(p.epilogue, context, first: 3)
  let s = p.shape
  let rows = p.isGradient ? s.height.input : s.height.output
  let columns = p.isGradient ? s.width.input : s.width.output
  let panels = ceilingQuotient(p.isGradient ? s.groups : s.groups * s.outputs, lanes)
  let pixel = p.isGradient ? s.inputPixel : s.outputPixel
  for item in first..<end {
    let image = item / rows
    let row = item % rows
    for panel in 0..<panels {
      let start = item * columns * pixel + panel * lanes
      for column in 0..<columns {
        let sum =
          p.isGradient
          ? pass.gradient(image: image, row: row, column: column, panel: panel)
          : pass.output(image: image, row: row, column: column, panel: panel)
        result.store(sum, at: start + column * pixel)
      }
      if !p.epilogue.isEmpty {
        epilogue.apply(result, offset: start, column: panel * lanes, rows: columns, panels: 1, rowStride: pixel)
      }
    }
  }
}

/// The kernel of `DepthwiseWeightGradientParameters`; an item is one panel. Row by row, so that the taps share the rows
/// in the first-level cache, and the number of terms and so the rounding error of each sum stays small.
func depthwiseWeightGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: DepthwiseWeightGradientParameters.self)
  let s = p.shape
  let pass = Depthwise(s, source: UnsafePointer(context.floats(0)), weights: UnsafePointer(context.floats(1)))
  let dy = UnsafePointer(context.floats(1))
  let step = OptimizerStep(p.update, context, first: 2)
  let sums = context.scratch.assumingMemoryBound(to: Float.self)
  for panel in first..<end {
    for tap in 0..<pass.taps { sums.store(.zero, at: tap * lanes) }
    for image in 0..<s.batch {
      for row in 0..<pass.outputRows {
        let gradient =
          dy + (image * pass.outputRows + row) * pass.outputColumns * s.outputPixel + panel * lanes
        for tapRow in 0..<s.height.kernel {
          for tapColumn in 0..<s.width.kernel {
            let rowSum = pass.rowSum(gradient, image: image, row: row, tapRow, tapColumn, panel: panel)
            let at = (tapRow * s.width.kernel + tapColumn) * lanes
            sums.store(sums.vector(at: at) + rowSum, at: at)
          }
        }
      }
    }
    for tap in 0..<pass.taps {
      sums.store(sums.vector(at: tap * lanes).keeping(first: s.groups * s.outputs - panel * lanes), at: tap * lanes)
    }
    step.apply(UnsafePointer(sums), start: panel * pass.taps * lanes, count: pass.taps * lanes)
  }
}

/// A depthwise convolution with its operands: channel `o` of the output reads channel `o / outputs` of the input.
private struct Depthwise {
  let shape: Conv2DShape
  let source: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let taps: Int
  let outputRows: Int
  let outputColumns: Int

  init(_ shape: Conv2DShape, source: UnsafePointer<Float>, weights: UnsafePointer<Float>) {
    self.shape = shape
    self.source = source
    self.weights = weights
    taps = shape.taps
    outputRows = shape.height.output
    outputColumns = shape.width.output
  }

  /// Sixteen channels of an output pixel.
  @inline(__always)
  func output(image: Int, row: Int, column: Int, panel: Int) -> Vector {
    let height = shape.height
    let width = shape.width
    if shape.outputs == 1 && shape.padding == .zeros && (panel + 1) * lanes <= shape.inputPixel {
      return window(
        image * height.input, rows: height.input, columns: width.input, pixel: shape.inputPixel,
        top: row * height.stride - height.before, left: column * width.stride - width.before, panel: panel, firstTap: 0,
        tapStep: 1)
    }
    var sum = Vector.zero
    for tapRow in 0..<height.kernel {
      for tapColumn in 0..<width.kernel {
        let tap = tapRow * width.kernel + tapColumn
        if let x = input(image: image, row: row, column: column, tapRow, tapColumn, panel: panel) {
          sum = fma(x, weights.vector(at: (panel * taps + tap) * lanes), sum)
        }
      }
    }
    return sum
  }

  /// The sum over a window of pixels whose first is (`top`, `left`); pixels outside of the source are zero. Image rows
  /// before the source's first are `firstImageRow`; taps are numbered from `firstTap` in steps of 1 or -1.
  @inline(__always)
  private func window(
    _ firstImageRow: Int, rows: Int, columns: Int, pixel: Int, top: Int, left: Int, panel: Int, firstTap: Int,
    tapStep: Int
  ) -> Vector {
    var sum = Vector.zero
    var weight = weights + (panel * taps + firstTap) * lanes
    for tapRow in 0..<shape.height.kernel {
      let y = top + tapRow * shape.height.dilation
      if y >= 0 && y < rows {
        let line = source + (firstImageRow + y) * columns * pixel + panel * lanes
        for tapColumn in 0..<shape.width.kernel {
          let x = left + tapColumn * shape.width.dilation
          if x >= 0 && x < columns {
            sum = fma(line.vector(at: x * pixel), weight.vector(at: tapColumn * tapStep * lanes), sum)
          }
        }
      }
      weight += shape.width.kernel * tapStep * lanes
    }
    return sum
  }

  /// The sum, over the pixels of an output row, of their gradient times what they read through a tap.
  @inline(__always)
  func rowSum(
    _ gradient: UnsafePointer<Float>, image: Int, row: Int, _ tapRow: Int, _ tapColumn: Int, panel: Int
  ) -> Vector {
    var sum = Vector.zero
    if shape.outputs == 1 && shape.padding == .zeros && (panel + 1) * lanes <= shape.inputPixel {
      let y = row * shape.height.stride - shape.height.before + tapRow * shape.height.dilation
      if y < 0 || y >= shape.height.input { return sum }
      let line =
        source + (image * shape.height.input + y) * shape.width.input * shape.inputPixel + panel * lanes
      var x = tapColumn * shape.width.dilation - shape.width.before
      for column in 0..<outputColumns {
        if x >= 0 && x < shape.width.input {
          sum = fma(line.vector(at: x * shape.inputPixel), gradient.vector(at: column * shape.outputPixel), sum)
        }
        x += shape.width.stride
      }
      return sum
    }
    for column in 0..<outputColumns {
      if let x = input(image: image, row: row, column: column, tapRow, tapColumn, panel: panel) {
        sum = fma(x, gradient.vector(at: column * shape.outputPixel), sum)
      }
    }
    return sum
  }

  /// What sixteen channels of an output pixel read through a tap, or nil where that is zero.
  @inline(__always)
  func input(image: Int, row: Int, column: Int, _ tapRow: Int, _ tapColumn: Int, panel: Int) -> Vector? {
    let y = row * shape.height.stride - shape.height.before + tapRow * shape.height.dilation
    let x = column * shape.width.stride - shape.width.before + tapColumn * shape.width.dilation
    guard let inputRow = shape.padding.pixel(at: y, extent: shape.height.input),
      let inputColumn = shape.padding.pixel(at: x, extent: shape.width.input)
    else { return nil }
    let pixel = source + ((image * shape.height.input + inputRow) * shape.width.input + inputColumn) * shape.inputPixel
    if shape.outputs == 1 && (panel + 1) * lanes <= shape.inputPixel { return pixel.vector(at: panel * lanes) }
    var vector = Vector.zero
    let count = min(lanes, shape.groups * shape.outputs - panel * lanes)
    for lane in 0..<count { vector[lane] = pixel[(panel * lanes + lane) / shape.outputs] }
    return vector
  }

  /// Sixteen channels of the gradient of an input pixel; the source is the output's gradient.
  @inline(__always)
  func gradient(image: Int, row: Int, column: Int, panel: Int) -> Vector {
    let height = shape.height
    let width = shape.width
    if shape.outputs == 1 && height.stride == 1 && width.stride == 1 {
      // The same sum with the taps in reverse.
      return window(
        image * outputRows, rows: outputRows, columns: outputColumns, pixel: shape.outputPixel,
        top: row + height.before - (height.kernel - 1) * height.dilation,
        left: column + width.before - (width.kernel - 1) * width.dilation, panel: panel, firstTap: taps - 1, tapStep: -1
      )
    }
    var sum = Vector.zero
    for tapRow in 0..<height.kernel {
      let y = row + height.before - tapRow * height.dilation
      guard y >= 0, y % height.stride == 0, y / height.stride < outputRows else { continue }
      for tapColumn in 0..<width.kernel {
        let x = column + width.before - tapColumn * width.dilation
        guard x >= 0, x % width.stride == 0, x / width.stride < outputColumns else { continue }
        let tap = tapRow * width.kernel + tapColumn
        let pixel =
          source + ((image * outputRows + y / height.stride) * outputColumns + x / width.stride) * shape.outputPixel
        if shape.outputs == 1 {
          sum = fma(pixel.vector(at: panel * lanes), weights.vector(at: (panel * taps + tap) * lanes), sum)
          continue
        }
        for lane in 0..<min(lanes, shape.groups - panel * lanes) {
          for output in (panel * lanes + lane) * shape.outputs..<(panel * lanes + lane + 1) * shape.outputs {
            let weight = weights[(output / lanes * taps + tap) * lanes + output % lanes]
            sum[lane] += pixel[output] * weight
          }
        }
      }
    }
    return sum
  }
}

/// The kernel of `PaddingFoldParameters`; an item is one row of one image.
func paddingFold(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: PaddingFoldParameters.self)
  let padded = UnsafePointer(context.floats(0))
  let result = context.floats(1)
  let epilogue = TileEpilogue(p.epilogue, context, first: 2)
  let paddedRows = p.height.before + p.height.input + p.height.after
  let paddedColumns = p.width.before + p.width.input + p.width.after
  for item in first..<end {
    let row = item % p.height.input
    let image = item / p.height.input
    for column in 0..<p.width.input {
      for channel in stride(from: 0, to: p.pixel, by: lanes) {
        var sum = Vector.zero
        for y in 0..<paddedRows where p.padding.pixel(at: y - p.height.before, extent: p.height.input) == row {
          for x in 0..<paddedColumns where p.padding.pixel(at: x - p.width.before, extent: p.width.input) == column {
            sum += padded.vector(at: ((image * paddedRows + y) * paddedColumns + x) * p.pixel + channel)
          }
        }
        let at = (item * p.width.input + column) * p.pixel + channel
        let bias = epilogue.bias.map { $0.vector(at: channel) } ?? .zero
        result.store(epilogue.value(sum, bias: bias, at: at, channel: channel), at: at)
      }
    }
  }
}
