/// What a kernel sees: the addresses of its operands, its parameters and its worker's scratch memory.
package struct KernelContext {
  /// One address per operand, in the order that the parameters' type documents.
  package let operands: UnsafePointer<UnsafeMutableRawPointer>
  /// The bytes of the call's `KernelParameters` value.
  package let parameters: UnsafeRawPointer
  /// Memory of the calling worker alone: at least the call's `scratchBytes`, aligned to 64 bytes, contents unspecified.
  package let scratch: UnsafeMutableRawPointer

  @inlinable package init(
    operands: UnsafePointer<UnsafeMutableRawPointer>, parameters: UnsafeRawPointer, scratch: UnsafeMutableRawPointer
  ) {
    self.operands = operands
    self.parameters = parameters
    self.scratch = scratch
  }
}

/// Computes the items `first ..< end` of a call. Items are independent: they write disjoint memory, and the result does
/// not depend on how the range `0 ..< items` is split or in which order its parts run.
package typealias Kernel = @Sendable (_ context: borrowing KernelContext, _ first: Int, _ end: Int) -> Void

/// The parameters of one kernel call: a trivially copyable value that says everything but the addresses.
package protocol KernelParameters: Sendable {
  /// The kernel's name as plans and profiles print it.
  static var name: String { get }
  /// The kernel that understands these parameters.
  func kernel(in table: KernelTable) -> Kernel
  /// The number of independent items that workers may share out.
  var items: Int { get }
  /// The bytes of scratch memory that each worker needs.
  var scratchBytes: Int { get }
  /// Floating-point operations of the whole call (a multiply-add counts as two), for figures only.
  var flops: Double { get }
  /// Those that the kernel really does; `flops` unless `KernelCost.swift` says otherwise, as for the two that follow.
  var executedFlops: Double { get }
  /// What does most of them; vectors.
  var unit: ArithmeticUnit { get }
  /// The bytes that a call moves between memory and the caches, from those of its operands; their sum.
  func bytes(of operands: [Double]) -> Double
}
