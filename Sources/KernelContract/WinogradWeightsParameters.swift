/// Transforms the filters of a convolution for `WinogradConvolutionParameters`: `G g Gᵀ` for each pair of channels.
///
/// Operands: `weights` (panels `[⌈outputs / 16⌉][taps][taps][inputs][16]`) and `result`, `products` matrices that lie
/// `matrixStride` floats apart, each in panels: `[⌈outputs / 16⌉][inputs][16]`, or for the gradient of the data, whose
/// filters are turned by 180 degrees, `[⌈inputs / 16⌉][outputs][16]`.
package struct WinogradWeightsParameters: KernelParameters {
  package static let name = "winograd_weights"

  package let transform: WinogradTransform
  package let inputs: Int
  package let outputs: Int
  /// Whether the result serves the gradient of the data.
  package let isForGradient: Bool

  package init(_ transform: WinogradTransform, inputs: Int, outputs: Int, isForGradient: Bool = false) {
    self.transform = transform
    self.inputs = inputs
    self.outputs = outputs
    self.isForGradient = isForGradient
  }

  /// The panels and the steps of each of the result's matrices.
  package var panels: Int { ceilingQuotient(isForGradient ? inputs : outputs, 16) }
  package var depth: Int { isForGradient ? outputs : inputs }
  package var matrixStride: Int { oddLines(panels * depth * 16) }
  package var resultBytes: Int { 4 * transform.products * matrixStride }

  package func kernel(in table: KernelTable) -> Kernel { table.winogradWeights }
  /// An item is 16 steps of a panel.
  package var items: Int { panels * ceilingQuotient(depth, 16) }
  package var scratchBytes: Int { 4 * 16 * (transform.products + 16 * transform.taps * transform.taps) }
  package var flops: Double {
    let (n, r) = (Double(transform.points), Double(transform.taps))
    return Double(inputs) * Double(outputs) * 2 * (n * r * r + n * n * r)
  }
}
