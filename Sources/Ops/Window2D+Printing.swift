// How windows and paddings look in dumps: short, and nothing where they say nothing.

extension Padding2D: CustomStringConvertible {
  package var description: String {
    if (top, bottom, left, right) == (0, 0, 0, 0) { return "" }
    let isEven = top == bottom && left == right && top == left
    let sides = isEven ? "\(top)" : "\([top, bottom, left, right])"
    return mode == .zeros ? sides : "\(sides) \(mode.rawValue)"
  }
}

extension Window2D: CustomStringConvertible {
  package var description: String {
    let pad = padding == [0, 0] ? "" : " pad \(padding[0])x\(padding[1])"
    return "\(kernel[0])x\(kernel[1]) step \(stride[0])x\(stride[1])\(pad)\(ceil ? " ceil" : "")"
  }
}

extension Conv2D: CustomStringConvertible {
  package var description: String {
    "(" + attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ") + ")"
  }
}
