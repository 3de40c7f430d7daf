import Graphs

/// What surrounds an image before a window moves over it.
package struct Padding2D: Hashable, Sendable {
  package enum Mode: String, Hashable, Sendable {
    case zeros
    /// The image mirrored at its edge positions, which are not repeated.
    case reflect
    /// The edge positions repeated.
    case replicate
  }
  package var top: Int
  package var bottom: Int
  package var left: Int
  package var right: Int
  package var mode: Mode

  package init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0, mode: Mode = .zeros) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
    self.mode = mode
  }

  /// The same number of positions on each side.
  package init(_ all: Int, mode: Mode = .zeros) {
    self.init(top: all, bottom: all, left: all, right: all, mode: mode)
  }

  /// The position of an image of `extent` positions that stands at `position`, which may be outside; nil for a zero.
  func source(_ position: Int, extent: Int) -> Int? {
    if position >= 0, position < extent { return position }
    switch mode {
    case .zeros: return nil
    case .reflect: return position < 0 ? -position : 2 * (extent - 1) - position
    case .replicate: return position < 0 ? 0 : extent - 1
    }
  }
}
