import KernelContract

/// Every kernel of this instruction set.
package func makeKernelTable() -> KernelTable {
  var table = KernelTable()
  table.peak = peak
  table.matrixProduct = matrixProduct
  table.tileSplit = tileSplit
  #if AVX512
    table.tilePeak = tilePeak
    table.tileProduct = tileProduct
    table.byteProduct = byteProduct
    table.byteWeightGradient = byteWeightGradient
  #endif
  table.byteVectorProduct = byteVectorProduct
  table.byteVectorWeightGradient = byteVectorWeightGradient
  table.convolution = convolution
  table.convolutionTranspose = convolutionTranspose
  table.convolutionWeightGradient = convolutionWeightGradient
  table.depthwise = depthwise
  table.depthwiseWeightGradient = depthwiseWeightGradient
  table.paddingFold = paddingFold
  table.splitSum = splitSum
  table.panelPacking = panelPacking
  table.optimizerUpdate = optimizerUpdate
  table.columnSums = columnSums
  table.linearGradients = linearGradients
  table.winogradWeights = winogradWeights
  table.winogradConvolution = winogradConvolution
  table.winogradWeightGradient = winogradWeightGradient
  addVectorKernels(to: &table)
  addSequenceKernels(to: &table)
  return table
}
