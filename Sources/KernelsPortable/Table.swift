import KernelContract

/// Every kernel of this instruction set.
package func makeKernelTable() -> KernelTable {
  var table = KernelTable()
  table.matrixProduct = matrixProduct
  table.splitSum = splitSum
  table.panelPacking = panelPacking
  table.optimizerUpdate = optimizerUpdate
  table.columnSums = columnSums
  addVectorKernels(to: &table)
  return table
}
