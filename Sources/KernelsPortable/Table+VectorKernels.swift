import KernelContract

/// Assigns every kernel that is not a contraction.
func addVectorKernels(to table: inout KernelTable) {
  table.elementwiseProgram = elementwiseProgram
  table.dropout = dropout
  table.rowReduction = rowReduction
  table.partialSum = partialSum
  table.stridedSum = stridedSum
  table.stridedCopy = stridedCopy
  table.channelSums = channelSums
  table.channelTotals = channelTotals
  table.resultTotals = resultTotals
  table.batchNormalization = batchNormalization
  table.batchNormalizationGradient = batchNormalizationGradient
  table.poolingGradient = poolingGradient
  table.pooling = pooling
  table.signedPooling = signedPooling
  table.pooledNormalizationGradient = pooledNormalizationGradient
  table.bilinear = bilinear
  table.scaledList = scaledList
  table.classCounts = classCounts
  table.softmaxCrossEntropyGradient = softmaxCrossEntropyGradient
  table.countedTotal = countedTotal
  table.softmaxCrossEntropyRows = softmaxCrossEntropyRows
  table.softmaxCrossEntropyBlock = softmaxCrossEntropyBlock
  table.axisSoftmax = axisSoftmax
  table.rowSoftmax = rowSoftmax
}
