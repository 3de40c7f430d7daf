/// A matrix whose rows, or columns where there are fewer, are orthogonal and of length 1: what the decomposition QR makes of
/// normal numbers, R with a positive diagonal, as `torch.nn.init.orthogonal_`. By Gram and Schmidt, twice for the sake of
/// rounding (Giraud, Langou and Rozložník 2005).
func orthogonalMatrix(rows: Int, columns: Int, _ generator: CounterGenerator) -> [Double] {
  let (count, length) = (min(rows, columns), max(rows, columns))
  var vectors = [Double](repeating: 0, count: count * length)
  for index in vectors.indices { vectors[index] = generator.normal(UInt64(index)) }
  vectors.withUnsafeMutableBufferPointer { all in
    guard let base = all.baseAddress, length > 0 else { return }
    for number in 0..<count {
      let vector = base + number * length
      for _ in 0..<2 {
        for other in 0..<number {
          let known = base + other * length
          let share = dot(known, vector, length)
          for place in 0..<length { vector[place] -= share * known[place] }
        }
      }
      let norm = dot(vector, vector, length).squareRoot()
      for place in 0..<length { vector[place] /= norm }
    }
  }
  if rows <= columns { return vectors }
  return (0..<rows * columns).map { vectors[$0 % columns * rows + $0 / columns] }
}

/// The sum of products, in eight parts.
private func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  var sums = SIMD8<Double>.zero
  var place = 0
  while place + 8 <= count {
    let x = UnsafeRawPointer(a + place).loadUnaligned(as: SIMD8<Double>.self)
    sums += x * UnsafeRawPointer(b + place).loadUnaligned(as: SIMD8<Double>.self)
    place += 8
  }
  var total = sums.sum()
  while place < count {
    total += a[place] * b[place]
    place += 1
  }
  return total
}
