// One function per register tile, so that each K loop is allocated registers on its own. The bodies are `contract`.

@inline(never)
func tile1x1(
  _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>
) { contract(Accumulators<1, 1>.self, s, a, b, c) }
@inline(never)
func tile2x1(
  _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>
) { contract(Accumulators<2, 1>.self, s, a, b, c) }
@inline(never)
func tile3x1(
  _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>
) { contract(Accumulators<3, 1>.self, s, a, b, c) }
@inline(never)
func tile4x1(
  _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>
) { contract(Accumulators<4, 1>.self, s, a, b, c) }
@inline(never)
func tile5x1(
  _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>
) { contract(Accumulators<5, 1>.self, s, a, b, c) }
@inline(never)
func tile6x1(
  _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>
) { contract(Accumulators<6, 1>.self, s, a, b, c) }

#if AVX512
  @inline(never)
  func tile7x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<7, 1>.self, s, a, b, c) }
  @inline(never)
  func tile8x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<8, 1>.self, s, a, b, c) }
  @inline(never)
  func tile9x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<9, 1>.self, s, a, b, c) }
  @inline(never)
  func tile10x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<10, 1>.self, s, a, b, c) }
  @inline(never)
  func tile11x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<11, 1>.self, s, a, b, c) }
  @inline(never)
  func tile12x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<12, 1>.self, s, a, b, c) }
  @inline(never)
  func tile13x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<13, 1>.self, s, a, b, c) }
  @inline(never)
  func tile14x1(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<14, 1>.self, s, a, b, c) }
  @inline(never)
  func tile1x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<1, 2>.self, s, a, b, c) }
  @inline(never)
  func tile2x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<2, 2>.self, s, a, b, c) }
  @inline(never)
  func tile3x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<3, 2>.self, s, a, b, c) }
  @inline(never)
  func tile4x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<4, 2>.self, s, a, b, c) }
  @inline(never)
  func tile5x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<5, 2>.self, s, a, b, c) }
  @inline(never)
  func tile6x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<6, 2>.self, s, a, b, c) }
  @inline(never)
  func tile7x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<7, 2>.self, s, a, b, c) }
  @inline(never)
  func tile8x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<8, 2>.self, s, a, b, c) }
  @inline(never)
  func tile9x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<9, 2>.self, s, a, b, c) }
  @inline(never)
  func tile10x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<10, 2>.self, s, a, b, c) }
  @inline(never)
  func tile11x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<11, 2>.self, s, a, b, c) }
  @inline(never)
  func tile12x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<12, 2>.self, s, a, b, c) }
  @inline(never)
  func tile13x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<13, 2>.self, s, a, b, c) }
  @inline(never)
  func tile14x2(
    _ s: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) { contract(Accumulators<14, 2>.self, s, a, b, c) }
#endif
