/// Where whole numbers of tokens lie: number i at `i / width * stride + i % width`.
package struct TokenPlaces: Sendable, Hashable, BitwiseCopyable {
  package let count: Int
  package let width: Int
  package let stride: Int

  package init(count: Int, width: Int, stride: Int) {
    self.count = count
    self.width = max(1, width)
    self.stride = stride
  }

  @inlinable package func place(_ index: Int) -> Int {
    width == stride ? index : index / width * stride + index % width
  }
}

/// How a table of `rows` by `columns` lies: rows `stride` floats apart, or (`isPanels`) as a linear layer's weight,
/// `[rows / 16][columns][16]`.
package struct TableShape: Sendable, Hashable, BitwiseCopyable {
  package let rows: Int
  package let columns: Int
  package let stride: Int
  package let isPanels: Bool

  package init(rows: Int, columns: Int, stride: Int, isPanels: Bool) {
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.isPanels = isPanels
  }
}

/// Rows of a table. Operands: `table`, `tokens` (Int32), `result` (rows `resultStride` floats apart). A token that is no row of the
/// table gives a row that is not a number.
package struct EmbeddingParameters: KernelParameters {
  package static let name = "embedding"
  package let tokens: TokenPlaces
  package let table: TableShape
  package let resultStride: Int

  package init(tokens: TokenPlaces, table: TableShape, resultStride: Int) {
    self.tokens = tokens
    self.table = table
    self.resultStride = resultStride
  }

  /// Tokens of one item.
  package var block: Int { max(1, 8192 / max(1, table.columns)) }
  package func kernel(in table: KernelTable) -> Kernel { table.embedding }
  package var items: Int { ceilingQuotient(tokens.count, block) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}

/// Tokens in the order of the rows they name, those of one row in their own order. Operands: `tokens` (Int32), `order`: Int32, first
/// `rows + 2` starts, of which the last is for the sort alone, then the tokens' numbers. Tokens that are no row are left out.
package struct TokenSortParameters: KernelParameters {
  package static let name = "token_sort"
  package let tokens: TokenPlaces
  package let rows: Int

  package init(tokens: TokenPlaces, rows: Int) {
    self.tokens = tokens
    self.rows = rows
  }

  package func kernel(in table: KernelTable) -> Kernel { table.tokenSort }
  package var items: Int { 1 }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}

/// The dense gradient of a table of rows, stored or applied as an update. Operands: `order` of `TokenSortParameters`, `dy` (rows
/// `gradientStride` floats apart), then those of `OptimizerUpdate`, which lie like the table; or with a base, that and the result, which
/// may be the base. An item is a block of the table's rows;
/// each row is summed in the order of its tokens.
package struct EmbeddingGradientParameters: KernelParameters {
  package static let name = "embedding_gradient"
  package let table: TableShape
  package let gradientStride: Int
  package let update: OptimizerUpdate
  /// Whether the sums are added to a base instead of going through an update.
  package let hasBase: Bool

  package init(table: TableShape, gradientStride: Int, update: OptimizerUpdate, hasBase: Bool = false) {
    self.table = table
    self.gradientStride = gradientStride
    self.update = update
    self.hasBase = hasBase
  }

  /// Rows of one item.
  package var block: Int { table.isPanels ? 16 : max(1, 4096 / max(1, table.stride)) }
  /// The floats of one item.
  package var blockFloats: Int { table.isPanels ? 16 * table.columns : block * table.stride }
  package func kernel(in table: KernelTable) -> Kernel { table.embeddingGradient }
  package var items: Int { ceilingQuotient(table.rows, block) }
  package var scratchBytes: Int { 4 * blockFloats }
  package var flops: Double { Double(table.rows) * Double(table.columns) }

  /// The calls for tokens in `operand(0)` and gradients in `operand(1)`.
  package func calls(tokens: TokenPlaces, destination: [CallOperand]) -> KernelSequence {
    let order = CallOperand.workspace(byteOffset: 0)
    return KernelSequence(
      [
        KernelCall(TokenSortParameters(tokens: tokens, rows: table.rows), operands: [.operand(0), order]),
        KernelCall(self, operands: [order, .operand(1)] + destination),
      ], workspaceBytes: 4 * (table.rows + 2 + tokens.count))
  }
}
