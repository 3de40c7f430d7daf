/// Fills the places of a nest with numbers that are drawn many at a time, whatever lies between those places.
struct DrawnRuns {
  /// How many numbers are drawn at a time at most: they stay in the first-level cache.
  static let capacity = 2048

  /// In logical order.
  let nest: TransferNest
  let target: UnsafeMutablePointer<Float>
  /// Room for `capacity` numbers.
  let numbers: UnsafeMutableBufferPointer<Float>
  let draw: (_ first: Int, _ numbers: UnsafeMutableBufferPointer<Float>) -> Void

  /// Fills the places of the loops from `depth` on, the first of which are these.
  func fill(_ depth: Int, _ logical: Int, _ physical: Int) {
    let loop = nest.loops[depth]
    let inner = depth + 1 < nest.loops.count ? span(from: depth + 1) : 1
    // Where most of what lies between two places would be drawn in vain, each is drawn on its own.
    let together =
      inner > Self.capacity ? 0 : loop.logical > 2 * inner ? 1 : 1 + (Self.capacity - inner) / max(1, loop.logical)
    for first in stride(from: 0, to: loop.extent, by: max(1, together)) {
      let start = (logical + first * loop.logical, physical + first * loop.physical)
      guard together > 0 else {
        fill(depth + 1, start.0, start.1)
        continue
      }
      let count = min(together, loop.extent - first)
      draw(start.0, UnsafeMutableBufferPointer(rebasing: numbers[..<((count - 1) * loop.logical + inner)]))
      var block = nest
      block.loops.removeSubrange(..<depth)
      block.loops[0].extent = count
      // Captured on their own: all of `self` would have its references counted for each run.
      let (target, numbers) = (target, numbers)
      walk(block, 0, start.1) { logical, physical, extent, loop in
        for index in 0..<extent {
          target[physical &+ index &* loop.physical] = numbers[logical &+ index &* loop.logical]
        }
      }
    }
  }

  /// How many logical positions lie from the first place of the loops from `depth` on to the last.
  private func span(from depth: Int) -> Int {
    nest.loops[depth...].reduce(1) { $0 + ($1.extent - 1) * $1.logical }
  }
}
