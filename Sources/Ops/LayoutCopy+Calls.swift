import Graphs
import KernelContract

extension LayoutCopy {
  /// The kernel call; nil when there are more loops than the kernel takes.
  func call(from source: CallOperand, to target: CallOperand) -> KernelCall? {
    let parameters = StridedCopyParameters(
      loops.map { .init(extent: $0.extent, source: $0.source, result: $0.target) }, sourceStart: sourceStart,
      resultStart: targetStart)
    return parameters.map { KernelCall($0, operands: [source, target]) }
  }

  /// The calls that copy all elements of operand 0, which lies as `source`, to the result, which lies as `target`, in the
  /// same logical order; through dense memory where one nest of loops does not do.
  static func lowering(from source: (TensorType, Layout), to target: (TensorType, Layout)) -> Lowering? {
    if let call = single(from: source, to: target)?.call(from: .operand(0), to: .result) {
      return Lowering(calls: [call], note: "copy")
    }
    let dense = CallOperand.workspace(byteOffset: 0)
    var calls: [KernelCall] = []
    for copy in self.dense(source.0, source.1, writes: false) {
      guard let call = copy.call(from: .operand(0), to: dense) else { return nil }
      calls.append(call)
    }
    for copy in self.dense(target.0, target.1, writes: true) {
      guard let call = copy.call(from: dense, to: .result) else { return nil }
      calls.append(call)
    }
    return Lowering(calls: calls, workspaceBytes: 4 * source.0.count, note: "copy through dense memory")
  }
}

/// Moves a tensor from one layout to another: operand 0 to the result. Nil when no kernel does it.
package func relayout(_ type: TensorType, from source: Layout, to target: Layout) -> Lowering? {
  LayoutCopy.lowering(from: (type, source), to: (type, target))
}
