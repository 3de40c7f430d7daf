// How a linear layer uses tiles, where there are some.
extension LinearShape {
  /// Whether splitting both matrices is worth its time: each number is split once and multiplied `rows` or `columns` times.
  func isWorthTiles(columns: Int, depth: Int) -> Bool {
    unit == .tiles && rows >= 256 && columns >= 256 && depth >= 256
  }

  /// Splits A beforehand, because every block of columns reads all of it.
  func tileCalls(
    _ product: TileProductParameters, a: CallOperand, _ strides: MatrixStrides, b: CallOperand, result: CallOperand,
    _ epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    let split = TileSplitParameters(rows: product.rows, depth: product.depth, strides: strides)
    let place = CallOperand.workspace(byteOffset: 0)
    return KernelSequence(
      [
        KernelCall(split, operands: [a, place]),
        KernelCall(product, operands: [place, b, result] + epilogueOperands),
      ], workspaceBytes: split.resultBytes)
  }
}
