import KernelContract

/// The two positions of the small image around a position of the large one, and the second one's share.
private struct Neighbours {
  let first: Int
  let second: Int
  let share: Float

  @inline(__always) init(_ position: Int, _ axis: BilinearParameters.Axis) {
    // (position + ½) / factor - ½ as a fraction of whole numbers.
    let numerator = max(0, 2 * position + 1 - axis.factor)
    first = numerator / (2 * axis.factor)
    second = min(first + 1, axis.small - 1)
    share = Float(numerator - first * 2 * axis.factor) / Float(2 * axis.factor)
  }

  /// What `position` of the small image adds to.
  @inline(__always) func weight(of position: Int) -> Float {
    (first == position ? 1 - share : 0) + (second == position ? share : 0)
  }
}

/// See `BilinearParameters`.
func bilinear(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: BilinearParameters.self).pointee
  let source = context.operands[0].assumingMemoryBound(to: Float.self)
  let result = context.operands[1].assumingMemoryBound(to: Float.self)
  let smallRow = p.columns.small * p.smallPixel
  let largeRow = p.columns.large * p.largePixel
  let isEnlarging =
    switch p.direction {
    case .enlarge: true
    case .gather: false
    }
  for item in first..<end {
    if isEnlarging {
      let rows = Neighbours(item % p.rows.large, p.rows)
      let image = source + item / p.rows.large * p.rows.small * smallRow
      enlarge(image + rows.first * smallRow, image + rows.second * smallRow, rows.share, result + item * largeRow, p)
    } else {
      let image = source + item / p.rows.small * p.rows.large * largeRow
      gather(image, row: item % p.rows.small, result + item * smallRow, p)
    }
  }
}

/// One row of the large image from two of the small one.
private func enlarge(
  _ upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>, _ share: Float,
  _ to: UnsafeMutablePointer<Float>, _ p: BilinearParameters
) {
  let (down, up) = (splat(share), splat(1 - share))
  for column in 0..<p.columns.large {
    let columns = Neighbours(column, p.columns)
    let (right, left) = (splat(columns.share), splat(1 - columns.share))
    let (a, b) = (columns.first * p.smallPixel, columns.second * p.smallPixel)
    var channel = 0
    while channel < p.channels {
      let above = fma(upper.vector(at: b + channel), right, upper.vector(at: a + channel) * left)
      let below = fma(lower.vector(at: b + channel), right, lower.vector(at: a + channel) * left)
      to.store(fma(below, down, above * up), at: column * p.largePixel + channel)
      channel += lanes
    }
  }
}

/// One row of the small image from all rows of the large one that it had a share in.
private func gather(
  _ image: UnsafeMutablePointer<Float>, row: Int, _ to: UnsafeMutablePointer<Float>, _ p: BilinearParameters
) {
  let rows = reach(row, p.rows)
  for column in 0..<p.columns.small {
    let columns = reach(column, p.columns)
    var channel = 0
    while channel < p.channels {
      var total = Vector.zero
      for y in rows {
        let vertical = Neighbours(y, p.rows).weight(of: row)
        for x in columns {
          let weight = vertical * Neighbours(x, p.columns).weight(of: column)
          let place = (y * p.columns.large + x) * p.largePixel + channel
          total = fma(image.vector(at: place), splat(weight), total)
        }
      }
      to.store(total, at: column * p.smallPixel + channel)
      channel += lanes
    }
  }
}

/// The positions of the large image that may have `position` of the small one for a neighbour.
@inline(__always)
private func reach(_ position: Int, _ axis: BilinearParameters.Axis) -> Range<Int> {
  max(0, (position - 1) * axis.factor)..<min(axis.large, (position + 2) * axis.factor)
}
