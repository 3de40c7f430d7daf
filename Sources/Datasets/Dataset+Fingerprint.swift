#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Dataset {
  /// A number that other examples, other labels, another order of them or another vocabulary hardly ever have: a run that goes on
  /// compares it. Of pictures that are not kept in memory only the names and the sizes of their files are seen.
  package var fingerprint: UInt64 {
    var hash = ContentHash()
    hash.add(rows)
    for tensor in tensors {
      for character in tensor.declaration.name.utf8 { hash.add(UInt64(character)) }
      for dimension in tensor.declaration.shape { hash.add(UInt64(truncatingIfNeeded: dimension)) }
      switch tensor.storage {
      case .bytes(let bytes, let values):
        hash.add(bytes)
        hash.add(values)
      case .pictures(let set, let values):
        set.add(to: &hash)
        hash.add(values)
      case .floats(let numbers): hash.add(numbers)
      case .indices(let numbers): hash.add(numbers)
      case .texts: break
      }
    }
    for encoder in encoders { hash.add(encoder.fingerprint) }
    return hash.value
  }
}

extension TokenEncoder {
  /// A number that another vocabulary, or another way from texts to numbers, hardly ever has.
  package var fingerprint: UInt64 {
    var hash = ContentHash()
    hash.add(Array(transform.word.utf8))
    for number in [transform.unknown, transform.pad, transform.end ?? -1, pieces.count] {
      hash.add(UInt64(truncatingIfNeeded: number))
    }
    for piece in pieces { hash.add(Array(piece.utf8)) }
    hash.add(scores?.bits ?? [])
    hash.add(scores?.kinds ?? [])
    // Marks of models that do nothing special to texts are older than these rules.
    if let rules, rules != TextRules() {
      for flag in TextRules.Flag.allCases { hash.add(rules.flags.contains(flag) ? 1 : 0) }
      hash.add(rules.characters?.words ?? [])
    }
    return hash.value
  }
}

extension PictureSet {
  fileprivate func add(to hash: inout ContentHash) {
    for path in paths {
      // The folder may have moved; the class and the name have not.
      for part in path.split(separator: "/").suffix(2) { hash.add(Array(part.utf8)) }
      guard kept.isEmpty else { continue }
      var status = stat()
      if stat(path, &status) == 0 { hash.add(UInt64(truncatingIfNeeded: Int(status.st_size))) }
    }
    hash.add(kept)
  }
}

/// FNV-1a (Fowler, Noll and Vo) over words of eight bytes, with the upper half folded into the lower.
private struct ContentHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x100_0000_01B3
    value ^= value >> 32
  }

  /// The bytes of `numbers`, and how many there are.
  mutating func add<Number: BitwiseCopyable>(_ numbers: [Number]) {
    numbers.withUnsafeBytes { bytes in
      let whole = bytes.count / 8 * 8
      for offset in stride(from: 0, to: whole, by: 8) {
        add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      for byte in bytes[whole...] { add(UInt64(byte)) }
      add(UInt64(bytes.count))
    }
  }
}
