import KernelContract

/// Assigns every kernel that is not a contraction.
func addVectorKernels(to table: inout KernelTable) {
  table.elementwiseProgram = elementwiseProgram
  table.dropout = dropout
  table.rowReduction = rowReduction
  table.partialSum = partialSum
  table.stridedSum = stridedSum
  table.stridedCopy = stridedCopy
}
