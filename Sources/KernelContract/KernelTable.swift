/// The kernels of one instruction set: a field per family, filled in by `makeKernelTable` of each kernel room.
package struct KernelTable: Sendable {
  /// Row-major × panels; see `MatrixProductParameters`.
  package var peak: Kernel = unavailableKernel
  package var tilePeak: Kernel = unavailableKernel
  package var matrixProduct: Kernel = unavailableKernel
  /// Those of matrix tiles are there where the processor has some.
  package var tileSplit: Kernel = unavailableKernel
  package var tileProduct: Kernel = unavailableKernel
  package var byteProduct: Kernel = unavailableKernel
  package var byteWeightGradient: Kernel = unavailableKernel
  package var byteVectorProduct: Kernel = unavailableKernel
  package var byteVectorWeightGradient: Kernel = unavailableKernel
  package var convolution: Kernel = unavailableKernel
  package var convolutionTranspose: Kernel = unavailableKernel
  package var convolutionWeightGradient: Kernel = unavailableKernel
  package var depthwise: Kernel = unavailableKernel
  package var depthwiseWeightGradient: Kernel = unavailableKernel
  package var paddingFold: Kernel = unavailableKernel
  package var splitSum: Kernel = unavailableKernel
  package var panelPacking: Kernel = unavailableKernel
  package var optimizerUpdate: Kernel = unavailableKernel
  package var columnSums: Kernel = unavailableKernel
  package var linearGradients: Kernel = unavailableKernel
  package var winogradWeights: Kernel = unavailableKernel
  package var winogradConvolution: Kernel = unavailableKernel
  package var winogradWeightGradient: Kernel = unavailableKernel

  // MARK: Vector kernels: see the parameters of the same name
  package var elementwiseProgram: Kernel = unavailableKernel
  package var dropout: Kernel = unavailableKernel
  package var rowReduction: Kernel = unavailableKernel
  package var partialSum: Kernel = unavailableKernel
  package var stridedSum: Kernel = unavailableKernel
  package var stridedCopy: Kernel = unavailableKernel
  package var channelSums: Kernel = unavailableKernel
  package var channelTotals: Kernel = unavailableKernel
  package var resultTotals: Kernel = unavailableKernel
  package var batchNormalization: Kernel = unavailableKernel
  package var batchNormalizationGradient: Kernel = unavailableKernel
  package var poolingGradient: Kernel = unavailableKernel
  package var pooling: Kernel = unavailableKernel
  package var signedPooling: Kernel = unavailableKernel
  package var pooledNormalizationGradient: Kernel = unavailableKernel
  package var bilinear: Kernel = unavailableKernel
  package var scaledList: Kernel = unavailableKernel
  package var classCounts: Kernel = unavailableKernel
  package var softmaxCrossEntropyGradient: Kernel = unavailableKernel
  package var countedTotal: Kernel = unavailableKernel
  package var softmaxCrossEntropyRows: Kernel = unavailableKernel
  package var softmaxCrossEntropyBlock: Kernel = unavailableKernel
  package var axisSoftmax: Kernel = unavailableKernel
  package var rowSoftmax: Kernel = unavailableKernel

  // MARK: Sequences
  package var indexComparison: Kernel = unavailableKernel
  package var shiftRight: Kernel = unavailableKernel
  package var embedding: Kernel = unavailableKernel
  package var tokenSort: Kernel = unavailableKernel
  package var embeddingGradient: Kernel = unavailableKernel
  package var rowNormalization: Kernel = unavailableKernel
  package var recurrence: Kernel = unavailableKernel
  package var recurrenceGradient: Kernel = unavailableKernel
  package var recurrenceRead: Kernel = unavailableKernel
  package var attention: Kernel = unavailableKernel
  package var attentionGradient: Kernel = unavailableKernel
  package var attentionStep: Kernel = unavailableKernel
  package var placeCopy: Kernel = unavailableKernel
  package var relativeBias: Kernel = unavailableKernel
  package var sinusoid: Kernel = unavailableKernel

  package init() {}
}

/// Stands in a table until the family's kernel is assigned; running it is a programming error.
package let unavailableKernel: Kernel = { _, _, _ in fatalError("this kernel family is not in the table") }
