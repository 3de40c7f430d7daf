import KernelContract

/// The parts of a sum whose share of a panel of B stays in the first-level cache while many tiles of C pass by, each adding to what the one
/// before it left in C; in the order of the whole sum, so that its bits are the same.
struct ContractionParts {
  /// 16 KB of a panel: half of a small first-level cache.
  static let mostSteps = 256

  private let whole: Contraction
  private let isCut: Bool
  private var outer = 0
  private var segments: Tiles
  private var steps: Tiles
  private var segment: (first: Int, count: Int)
  private var isFirst = true
  private var isDone = false

  /// - Parameter isCut: whether it is cut at all where a panel of B is too large.
  @inline(__always)
  init(_ whole: Contraction, isCut: Bool) {
    self.whole = whole
    self.isCut = isCut && whole.outerSegments * whole.segments * whole.steps > 3 * Self.mostSteps / 2
    segments = Self.segments(of: whole)
    segment = segments.next() ?? (0, 0)
    steps = Tiles(whole.steps, most: Self.mostSteps)
  }

  /// As many segments at a time as a part's steps are enough for.
  @inline(__always)
  private static func segments(of whole: Contraction) -> Tiles {
    Tiles(whole.segments, most: max(1, mostSteps / max(1, whole.steps)))
  }

  /// The next part with where its operands start, and whether it is the last.
  @inline(__always)
  mutating func next() -> (shape: Contraction, a: Int, b: Int, isLast: Bool)? {
    guard !isDone else { return nil }
    guard isCut else {
      isDone = true
      return (whole, 0, 0, true)
    }
    guard let step = steps.next() else { return nil }
    var shape = whole
    shape.outerSegments = 1
    shape.segments = segment.count
    shape.steps = step.count
    shape.accumulates = whole.accumulates || !isFirst
    isFirst = false
    let a = outer * whole.aOuter + segment.first * whole.aSegment + step.first * whole.aStep
    let b = outer * whole.bOuter + segment.first * whole.bSegment + step.first * whole.bStep
    if step.first + step.count == whole.steps { advance() }
    return (shape, a, b, isDone)
  }

  /// Goes on to the next segments, of the next outer segment where these were the last.
  @inline(__always)
  private mutating func advance() {
    steps = Tiles(whole.steps, most: Self.mostSteps)
    if let following = segments.next() {
      segment = following
      return
    }
    outer += 1
    segments = Self.segments(of: whole)
    segment = segments.next() ?? (0, 0)
    isDone = outer == whole.outerSegments
  }
}
