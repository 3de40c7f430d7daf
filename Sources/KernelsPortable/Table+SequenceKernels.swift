import KernelContract

/// Assigns the kernels of sequences.
func addSequenceKernels(to table: inout KernelTable) {
  table.indexComparison = indexComparison
  table.shiftRight = shiftRight
  table.embedding = embedding
  table.tokenSort = tokenSort
  table.embeddingGradient = embeddingGradient
  table.rowNormalization = rowNormalization
  table.recurrence = recurrence
  table.recurrenceGradient = recurrenceGradient
  table.recurrenceRead = recurrenceRead
  table.attention = attention
  table.attentionGradient = attentionGradient
  table.attentionStep = attentionStep
  table.placeCopy = placeCopy
  table.relativeBias = relativeBias
  table.sinusoid = sinusoid
}
