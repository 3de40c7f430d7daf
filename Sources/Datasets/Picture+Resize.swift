extension Picture {
  /// The picture in another size, bilinear with antialiasing: the triangle filter of Pillow's `Resample.c` with its fixed-point
  /// coefficients, rows first, each pass rounded to bytes.
  func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    resized(left: 0, top: 0, width: width, height: height, to: newWidth, newHeight)
  }

  /// A part of the picture in another size, as if it were the whole.
  func resized(left: Int, top: Int, width: Int, height: Int, to newWidth: Int, _ newHeight: Int) -> Picture {
    let rows =
      newWidth == width
      ? cropped(left: left, top: top, width: width, height: height)
      : resampledRows(left: left, top: top, width: width, height: height, to: newWidth)
    return newHeight == height ? rows : rows.resampledColumns(to: newHeight)
  }

  /// The size whose short side is `short`; the long side is cut to a whole number as torchvision does. Nil when that is too large.
  func size(shortSide short: Int) -> (width: Int, height: Int)? {
    let (product, overflow) = short.multipliedReportingOverflow(by: max(width, height))
    let long = product / min(width, height)
    guard !overflow, Self.byteCount(width: short, height: long, channels: channels) != nil else { return nil }
    return width <= height ? (short, long) : (long, short)
  }

  private func resampledRows(left: Int, top: Int, width part: Int, height rows: Int, to newWidth: Int) -> Picture {
    let filter = TriangleFilter(from: part, to: newWidth)
    let (oldRow, newRow, channels) = (width * channels, newWidth * channels, channels)
    let start = (top * width + left) * channels
    let result = [UInt8](unsafeUninitializedCapacity: rows * newRow) { target, initialized in
      bytes.withUnsafeBufferPointer { source in
        filter.weights.withUnsafeBufferPointer { weights in
          for y in 0..<rows {
            let row = source.baseAddress! + start + y * oldRow
            var output = target.baseAddress! + y * newRow
            for window in filter.windows {
              let input = row + window.first * channels
              let share = weights.baseAddress! + window.weights.lowerBound
              let count = window.weights.count
              if channels == 3 {
                Self.addColours(input, share, count, output)
              } else {
                var sum = TriangleFilter.half
                for index in 0..<count { sum &+= Int32(input[index]) &* share[index] }
                output[0] = TriangleFilter.byte(sum)
              }
              output += channels
            }
          }
        }
      }
      initialized = rows * newRow
    }
    return Picture(width: newWidth, height: rows, channels: channels, bytes: result)
  }

  /// One new pixel of three colours, side by side in registers.
  @inline(__always)
  private static func addColours(
    _ input: UnsafePointer<UInt8>, _ share: UnsafePointer<Int32>, _ count: Int, _ output: UnsafeMutablePointer<UInt8>
  ) {
    var (red, green, blue) = (TriangleFilter.half, TriangleFilter.half, TriangleFilter.half)
    var pixel = input
    for index in 0..<count {
      let weight = share[index]
      red &+= Int32(pixel[0]) &* weight
      green &+= Int32(pixel[1]) &* weight
      blue &+= Int32(pixel[2]) &* weight
      pixel += 3
    }
    output[0] = TriangleFilter.byte(red)
    output[1] = TriangleFilter.byte(green)
    output[2] = TriangleFilter.byte(blue)
  }

  private func resampledColumns(to newHeight: Int) -> Picture {
    let filter = TriangleFilter(from: height, to: newHeight)
    let row = width * channels
    var sums = [Int32](repeating: 0, count: row)
    let result = [UInt8](unsafeUninitializedCapacity: row * newHeight) { target, initialized in
      bytes.withUnsafeBufferPointer { source in
        sums.withUnsafeMutableBufferPointer { sums in
          for (y, window) in filter.windows.enumerated() {
            sums.update(repeating: TriangleFilter.half)
            var input = source.baseAddress! + window.first * row
            for weight in filter.weights[window.weights] {
              for index in 0..<row { sums[index] &+= Int32(input[index]) &* weight }
              input += row
            }
            let output = target.baseAddress! + y * row
            for index in 0..<row { output[index] = TriangleFilter.byte(sums[index]) }
          }
        }
      }
      initialized = row * newHeight
    }
    return Picture(width: width, height: newHeight, channels: channels, bytes: result)
  }
}

/// Which old pixels make up each new one along one axis, and how much of each, times 2^22.
struct TriangleFilter {
  struct Window {
    var first: Int
    var weights: Range<Int>
  }

  private(set) var windows: [Window] = []
  private(set) var weights: [Int32] = []

  /// 32 bits less the 8 of a byte and 2 to be safe.
  private static let precision: Int32 = 32 - 8 - 2
  /// What makes cutting off round.
  static let half: Int32 = 1 << (precision - 1)

  static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> precision) }

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    let support = max(1, scale)
    windows.reserveCapacity(new)
    var shares: [Double] = []
    for place in 0..<new {
      let center = (Double(place) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(old, Int(center + support + 0.5))
      shares.removeAll(keepingCapacity: true)
      for pixel in first..<max(first, end) {
        shares.append(max(0, 1 - abs((Double(pixel) - center + 0.5) * (1 / support))))
      }
      let sum = shares.reduce(0, +)
      let start = weights.count
      for share in shares { weights.append(Int32((sum == 0 ? 0 : share / sum) * Double(1 << Self.precision) + 0.5)) }
      windows.append(Window(first: first, weights: start..<weights.count))
    }
  }
}
