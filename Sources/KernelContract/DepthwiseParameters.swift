/// A depthwise convolution (one input channel per group), or its data gradient; see `Conv2DShape` for the weights.
///
/// Operands: `source` (the input, or the output's gradient), `weights`, `result`, then those of the epilogue.
package struct DepthwiseParameters: KernelParameters {
  package static let name = "depthwise"

  package let shape: Conv2DShape
  package let isGradient: Bool
  package let epilogue: Epilogue

  package init(_ shape: Conv2DShape, isGradient: Bool, epilogue: Epilogue) {
    self.shape = shape
    self.isGradient = isGradient
    self.epilogue = epilogue
  }

  package func kernel(in table: KernelTable) -> Kernel { table.depthwise }
  package var items: Int { shape.batch * (isGradient ? shape.height.input : shape.height.output) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { shape.flops }
}

/// The gradient of a depthwise convolution with respect to its weights.
///
/// Operands: `x`, `dy`, then those of `OptimizerUpdate`.
package struct DepthwiseWeightGradientParameters: KernelParameters {
  package static let name = "depthwise_weight_gradient"

  package let shape: Conv2DShape
  package let update: OptimizerUpdate

  package init(_ shape: Conv2DShape, update: OptimizerUpdate) {
    self.shape = shape
    self.update = update
  }

  package func kernel(in table: KernelTable) -> Kernel { table.depthwiseWeightGradient }
  package var items: Int { ceilingQuotient(shape.groups * shape.outputs, 16) }
  package var scratchBytes: Int { 64 * shape.taps }
  package var flops: Double { shape.flops }
}
