import CPUDetection

/// The maxima of disjoint 2x2 windows of sums on their way to the result: before an activation, which keeps the order. The sums have their
/// bias where the micro-kernel does the epilogue (`TileEpilogue.isInRegisters`).
struct WindowMaxima {
  let result: UnsafeMutablePointer<Float>
  /// Where the places of the maxima go, if they are wanted.
  let places: UnsafeMutablePointer<UInt8>?
  let epilogue: TileEpilogue
  /// Floats from one maximum of a channel to the next.
  let resultPixel: Int

  /// Stores a row of `windows` windows from `offset` of the result on, which belongs to `column`. Their sums are two rows of pixels that lie
  /// `pixel` floats apart.
  @inline(never)
  func store(_ sums: UnsafePointer<Float>, pixel: Int, windows: Int, panels: Int, at offset: Int, column: Int) {
    let row = 2 * windows * pixel
    // ReLU comes at once, other epilogues in a pass over what was stored.
    let rectifies = epilogue.isInRegisters && epilogue.flags.activation == .relu
    let least = Vector(repeating: rectifies ? 0 : -.infinity)
    for panel in 0..<panels {
      var from = sums + panel * lanes
      var to = offset + panel * lanes
      for _ in 0..<windows {
        let greatest = GreatestOfFour(
          from.vector(at: 0), from.vector(at: pixel), from.vector(at: row), from.vector(at: row + pixel))
        result.store(maximum(greatest.value, least), at: to)
        if let places { netc_store_bytes(greatest.place, places + to) }
        from += 2 * pixel
        to += resultPixel
      }
    }
    if epilogue.isInRegisters { return }
    epilogue.apply(result, offset: offset, column: column, rows: windows, panels: panels, rowStride: resultPixel)
  }
}

/// The greatest of four vectors, not a number where one is not, and its place among them: that of the first of equal ones, or of those
/// that are not numbers.
struct GreatestOfFour {
  let value: Vector
  let place: SIMD16<Int32>

  @inline(__always) init(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) {
    func number(_ number: Int32) -> SIMD16<Int32> { SIMD16<Int32>(repeating: number) }
    let isSecond = isTaken(b, from: a)
    let ofTwo = a.replacing(with: b, where: isSecond)
    let amongTwo = number(0).replacing(with: number(1), where: isSecond)
    let isThird = isTaken(c, from: ofTwo)
    let ofThree = ofTwo.replacing(with: c, where: isThird)
    let amongThree = amongTwo.replacing(with: number(2), where: isThird)
    let isFourth = isTaken(d, from: ofThree)
    value = ofThree.replacing(with: d, where: isFourth)
    place = amongThree.replacing(with: number(3), where: isFourth)
  }
}

/// Where `other` comes in the place of `value`: it is greater or not a number, and `value` is one.
@_transparent private func isTaken(_ other: Vector, from value: Vector) -> SIMDMask<SIMD16<Int32>> {
  .!(other .<= value) .& (value .== value)
}
