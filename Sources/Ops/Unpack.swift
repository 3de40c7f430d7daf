import Graphs
import KernelContract

/// A tensor out of several that lie one behind the other without gaps: x [N] → `shape`, from place `start` on.
package struct Unpack: NotDifferentiable {
  package static let name = "unpack"
  package var start: Int
  package var shape: [Int]

  package init(start: Int, shape: [Int]) {
    self.start = start
    self.shape = shape
  }

  /// Tensors of these shapes one behind the other.
  static func list(_ shapes: [[Int]]) -> [Unpack] {
    var start = 0
    return shapes.map { shape in
      defer { start += shape.reduce(1, *) }
      return Unpack(start: start, shape: shape)
    }
  }

  package static var samples: [Sample] {
    [
      Sample(Self(start: 3, shape: [2, 5]), shapes: [[17]]), Sample(Self(start: 0, shape: [2, 3, 16]), shapes: [[96]]),
      Sample(Self(start: 32, shape: [2, 3, 7]), shapes: [[80]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 1...1)
    let result = TensorType(.float32, shape)
    guard let count = result.checkedCount else { throw .tooLarge(shape: shape) }
    let found = operands[0].shape[0]
    if start < 0 || start > found || count > found - start { throw .countMismatch(expected: found, found: count) }
    return result
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: shape, values: Array(operands[0].values[start..<(start + shape.reduce(1, *))]))
  }
}

extension Unpack: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    guard case .parts(let parts)? = operands[0].layout, let (position, _) = place(among: parts) else {
      return LayoutDecision(operands: [.computed(operands[0].type)], result: .matrix(result))
    }
    return LayoutDecision(
      operands: [.parts(parts)], result: position == 0 ? parts[0].layout : .matrix(result))
  }

  /// Which part of a list it is, and where that begins in memory; nil for none.
  private func place(among parts: [Layout.Part]) -> (position: Int, start: Int)? {
    var (logical, physical) = (0, 0)
    for (position, part) in parts.enumerated() {
      if logical == start, part.shape == shape { return (position, physical) }
      (logical, physical) = (logical + part.type.count, physical + part.size)
    }
    return nil
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let y = site.result
    if case .parts(let parts) = site.operands[0].layout {
      guard let (position, start) = place(among: parts) else { throw .noKernel(op: name, reason: "it is no part") }
      if position == 0 { return Lowering(alias: 0, note: "same memory") }
      guard
        var copy = LayoutCopy.single(from: (parts[position].type, parts[position].layout), to: (y.type, y.layout))
      else { throw .noKernel(op: name, reason: "the part lies in panels") }
      copy.sourceStart += start
      guard let call = copy.call(from: .operand(0), to: .result) else {
        throw .noKernel(op: name, reason: "there are too many axes")
      }
      return Lowering(calls: [call])
    }
    let loops = [
      LayoutCopy.Loop(extent: y.rows, source: y.columns, target: y.rowStride),
      LayoutCopy.Loop(extent: y.columns, source: 1, target: 1),
    ]
    guard let call = LayoutCopy(sourceStart: start, loops: loops).call(from: .operand(0), to: .result) else {
      throw .noKernel(op: name, reason: "there are too many axes")
    }
    return Lowering(calls: [call])
  }
}
