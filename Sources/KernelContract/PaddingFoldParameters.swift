/// Adds the gradient of a padded image to the pixels that its padding repeats: the gradient of reflect and replicate
/// padding (for zeros, of a crop).
///
/// Operands: `padded` (`[batch][before + height + after][before + width + after][pixel]`), `result`
/// (`[batch][height][width][pixel]`), then those of the epilogue.
package struct PaddingFoldParameters: KernelParameters {
  package static let name = "padding_fold"

  package let batch: Int
  /// The axes of the convolution, of which only input and padding matter.
  package let height: Conv2DShape.Axis
  package let width: Conv2DShape.Axis
  package let pixel: Int
  package let padding: Conv2DShape.Padding
  package let epilogue: Epilogue

  package init(_ shape: Conv2DShape, epilogue: Epilogue) {
    batch = shape.batch
    height = shape.height
    width = shape.width
    pixel = shape.inputPixel
    padding = shape.padding
    self.epilogue = epilogue
  }

  package func kernel(in table: KernelTable) -> Kernel { table.paddingFold }
  package var items: Int { batch * height.input }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(batch) * Double(height.input * width.input) * Double(pixel) }
}
