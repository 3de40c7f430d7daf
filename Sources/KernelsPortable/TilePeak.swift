import CPUDetection
import KernelContract

#if AVX512
  /// The kernel of `TilePeakParameters`.
  func tilePeak(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
    let p = context.parameters.load(as: TilePeakParameters.self)
    let numbers = context.scratch.assumingMemoryBound(to: Float.self)
    // Sums that stay far from infinity.
    for index in 0..<1024 { numbers[index] = 0 }
    let sums = numbers + 1024
    netc_tiles_begin()
    for _ in first..<end {
      netc_tiles_clear_sums()
      netc_tiles_load_rows(UnsafeRawPointer(numbers), 64, 1024, 2)
      netc_tiles_load_columns(UnsafeRawPointer(numbers), 1024, 2)
      for _ in 0..<p.steps { netc_tiles_multiply(2, 2) }
      netc_tiles_store_sums(sums, 128, 2, 2)
    }
    netc_tiles_end()
  }
#endif
