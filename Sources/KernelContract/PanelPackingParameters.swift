/// Packs matrices into panels of 16 columns, `[batch][⌈columns / 16⌉][steps][16]`, or unpacks them. Every stride is in
/// floats; the lanes beyond the last column become zero.
///
/// Step `(o, i)` is number `o * innerSteps + i` of a panel and lies at `o * outerStride + i * innerStride` of the
/// unpacked matrix, plus `columnStride` for each column: a linear layer's `[out, in]` has one outer step; a convolution's
/// `[OC, IC, KH, KW]` has `KH * KW` outer steps of stride 1 and `IC` inner ones of stride `KH * KW`.
///
/// Operands: `source`, `result`.
package struct PanelPackingParameters: KernelParameters {
  package static let name = "pack_panels"

  package enum Direction: UInt8, Sendable, Hashable {
    case pack, unpack
  }

  package let direction: Direction
  package let batch: Int
  package let columns: Int
  package let outerSteps: Int
  package let innerSteps: Int
  package let batchStride: Int
  package let columnStride: Int
  package let outerStride: Int
  package let innerStride: Int

  /// The weights of a linear layer, `[out, in]`, row-major and tight.
  package static func linear(_ direction: Direction, inputs: Int, outputs: Int) -> Self {
    Self(
      direction: direction, batch: 1, columns: outputs, outerSteps: 1, innerSteps: inputs, batchStride: 0,
      columnStride: inputs, outerStride: 0, innerStride: 1)
  }

  /// The weights of a convolution, `[groups * outputs, inputs, height, width]`, tight; channels are those of one group.
  package static func convolution(
    _ direction: Direction, groups: Int, inputs: Int, outputs: Int, height: Int, width: Int
  ) -> Self {
    let taps = height * width
    return Self(
      direction: direction, batch: groups, columns: outputs, outerSteps: taps, innerSteps: inputs,
      batchStride: outputs * inputs * taps, columnStride: inputs * taps, outerStride: 1, innerStride: taps)
  }

  /// A row-major matrix whose rows become steps: `[steps, columns]` with a row stride.
  package static func rowMajor(_ direction: Direction, steps: Int, columns: Int, rowStride: Int) -> Self {
    Self(
      direction: direction, batch: 1, columns: columns, outerSteps: 1, innerSteps: steps, batchStride: 0,
      columnStride: 1, outerStride: 0, innerStride: rowStride)
  }

  /// The floats of one packed matrix of a batch.
  package var packedCount: Int { ceilingQuotient(columns, 16) * outerSteps * innerSteps * 16 }

  package func kernel(in table: KernelTable) -> Kernel { table.panelPacking }
  package var items: Int { batch * ceilingQuotient(columns, 16) * outerSteps }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}
