import Graphs
import KernelContract

/// An op that kernels can compute.
package protocol Executable: Op {
  /// How the operands must lie in memory and how the result then does. Planning moves an operand that lies otherwise, and
  /// says so in the plan; a variable that no op has asked for yet simply takes the layout asked for here.
  func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision

  /// The operands that the op reads in more than one layout: of a variable without a place another reader then decides.
  var indifferentOperands: [Int] { get }

  /// Whether the op reads the operand at `position` just as well, or better, where it lies as bytes in that layout.
  func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool
  /// Whether the result is such an operand under another shape.
  func passesBytes(_ operand: TensorType, to result: TensorType) -> Bool

  /// The kernel calls that compute the result. Called with the layouts that `layouts` asked for. The result of an op that
  /// mutates is the memory of its first mutated operand.
  func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering
}

extension Executable {
  package var indifferentOperands: [Int] { [] }
  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool { false }
  package func passesBytes(_ operand: TensorType, to result: TensorType) -> Bool { false }
}

/// A type with its place in memory; nil for a variable that has none yet.
package struct PlacedType: Hashable, Sendable {
  package var type: TensorType
  package var layout: Layout?
  package init(type: TensorType, layout: Layout?) {
    self.type = type
    self.layout = layout
  }
}

package struct LayoutDecision: Hashable, Sendable {
  package var operands: [Layout]
  package var result: Layout
  package init(operands: [Layout], result: Layout) {
    self.operands = operands
    self.result = result
  }
}

/// Operands and result of a node that is being lowered.
package struct LoweringSite: Sendable {
  package struct Tensor: Sendable {
    package var type: TensorType
    package var layout: Layout
    package init(type: TensorType, layout: Layout) {
      self.type = type
      self.layout = layout
    }
    /// Floats in memory, padding included.
    package var size: Int { layout.size(type) }
  }
  package var operands: [Tensor]
  package var result: Tensor
  /// What the machine multiplies with.
  package var unit: ArithmeticUnit
  /// The operands, by position, that stay the same from run to run.
  package var fixedOperands: Set<Int>

  package init(
    operands: [Tensor], result: Tensor, unit: ArithmeticUnit = .vectors, fixedOperands: Set<Int> = []
  ) {
    self.operands = operands
    self.result = result
    self.unit = unit
    self.fixedOperands = fixedOperands
  }
}

/// The kernel calls of one node, run one after the other.
package struct Lowering: Sendable {
  package var calls: [KernelCall]
  /// Memory shared by the calls of this node: contents unspecified before the first.
  package var workspaceBytes: Int
  /// Calls that run once, before the first run: they read fixed operands and write so many bytes of prepared memory.
  package var preparation: [KernelCall] = []
  package var preparedBytes = 0
  /// The result is this operand's memory as it is; there are no calls.
  package var alias: Int?
  /// The result may be written over one of these operands if nobody needs it any more: every item reads what it
  /// overwrites before it writes.
  package var mayOverwrite: [Int]
  /// What a reader of the plan should know: the variant chosen and why.
  package var note: String

  package init(
    calls: [KernelCall] = [], workspaceBytes: Int = 0, alias: Int? = nil, mayOverwrite: [Int] = [], note: String = ""
  ) {
    self.calls = calls
    self.workspaceBytes = workspaceBytes
    self.alias = alias
    self.mayOverwrite = mayOverwrite
    self.note = note
  }
}

/// Why an op cannot be lowered here.
package enum LoweringError: Error, Sendable {
  case noKernel(op: String, reason: String)
}
