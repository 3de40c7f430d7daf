// The register tiles of matrix products alone; see `ContractionTiles.swift`.

#if AVX512
  @inline(never)
  func tile1x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<1, 3>.self, s, a, b, c) }
  @inline(never)
  func tile2x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<2, 3>.self, s, a, b, c) }
  @inline(never)
  func tile3x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<3, 3>.self, s, a, b, c) }
  @inline(never)
  func tile4x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<4, 3>.self, s, a, b, c) }
  @inline(never)
  func tile5x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<5, 3>.self, s, a, b, c) }
  @inline(never)
  func tile6x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<6, 3>.self, s, a, b, c) }
  @inline(never)
  func tile7x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<7, 3>.self, s, a, b, c) }
  @inline(never)
  func tile8x3(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<8, 3>.self, s, a, b, c) }
#endif
