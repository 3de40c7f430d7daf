/// One call of a kernel: what it computes, and where each operand of its parameters' documented order lies.
package struct KernelCall: Sendable {
  package let parameters: any KernelParameters
  package let operands: [CallOperand]

  package init(_ parameters: any KernelParameters, operands: [CallOperand]) {
    self.parameters = parameters
    self.operands = operands
  }
}

/// Where an operand of a kernel call lies, seen from the op that makes the call.
package enum CallOperand: Sendable, Hashable {
  /// The op's operand of that number. Kernels that update in place (optimizers) also write through it.
  case operand(Int)
  /// The op's result.
  case result
  /// The op's operand of that number from a byte on; offsets are multiples of 64 bytes.
  case operandPart(Int, byteOffset: Int)
  /// The op's result from a byte on; offsets are multiples of 64 bytes.
  case resultPart(byteOffset: Int)
  /// Memory that lives for the op's calls only; offsets are multiples of 64 bytes.
  case workspace(byteOffset: Int)
  /// Memory that the op's preparation wrote and that nobody else writes to; offsets are multiples of 64 bytes.
  case prepared(byteOffset: Int)

  package var isWorkspace: Bool { if case .workspace = self { true } else { false } }
}

/// The calls that compute one op, in the order in which they must run, with the workspace that they share.
package struct KernelSequence: Sendable {
  package var calls: [KernelCall]
  /// The bytes of workspace that `CallOperand.workspace` offsets point into; contents are unspecified at the start.
  package var workspaceBytes: Int
  /// Calls that need to run only once, because they read operands alone that never change.
  package var preparation: [KernelCall]
  /// The bytes that `CallOperand.prepared` offsets point into.
  package var preparedBytes: Int

  package init(
    _ calls: [KernelCall], workspaceBytes: Int = 0, preparation: [KernelCall] = [], preparedBytes: Int = 0
  ) {
    self.calls = calls
    self.workspaceBytes = workspaceBytes
    self.preparation = preparation
    self.preparedBytes = preparedBytes
  }
}
