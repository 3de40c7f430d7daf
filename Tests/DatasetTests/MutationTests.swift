import Testing

@testable import Datasets

/// Damaged files of every kind: each opens or gives an error; none traps, hangs, or asks for memory that its bytes cannot justify.
@Suite struct MutationTests {
  /// Changes up to eight places of `bytes`: other bytes, missing or doubled pieces, words that readers care about.
  private static func mutate(_ bytes: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
    let words: [[UInt8]] = [
      Array("999999999999999999".utf8), Array("-1".utf8), Array("[[[[".utf8), Array("\"\"".utf8), Array("\\ud800".utf8),
      Array("F64".utf8), Array("1e999".utf8), [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xEF, 0xBB, 0xBF],
      [0x0D, 0x0A],
      [0], [0xFF], Array(",".utf8), Array("{".utf8), Array("}".utf8),
    ]
    var result = bytes
    for _ in 0...generator.next(below: 8) {
      let place = Int(generator.next(below: UInt64(result.count + 1)))
      switch generator.next(below: 5) {
      case 0 where place < result.count: result[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1 where place < result.count: result[place] ^= 1 << UInt8(generator.next(below: 8))
      case 2: result.removeSubrange(place..<min(result.count, place + Int(generator.next(below: 20))))
      case 3: result.insert(contentsOf: result[place..<min(result.count, place + 12)], at: place)
      default: result.insert(contentsOf: words[Int(generator.next(below: UInt64(words.count)))], at: place)
      }
    }
    return result
  }

  /// Opens mutations of `bytes`, all with the kinds of error that a damaged file may give.
  static func run(_ bytes: [UInt8], count: Int = 2_000, _ open: ([UInt8]) throws -> Void) throws {
    var generator = SplitMix64(seed: 42)
    for _ in 0..<count {
      let mutated = mutate(bytes, &generator)
      do {
        try open(mutated)
      } catch let error as DataError {
        guard error.kind == .badData || error.kind == .description else { throw error }
      }
    }
  }

  @Test(.timeLimit(.minutes(15))) func safetensors() throws {
    let folder = TemporaryFolder()
    try Self.run(try Fixture.bytes("types.safetensors")) { bytes in
      let file = try SafetensorsFile(folder.write("m", bytes))
      for entry in file.header.entries {
        _ = try file.floats(entry)
        if !entry.type.isFloatingPoint { _ = try file.integers(entry) }
      }
    }
  }

  @Test(.timeLimit(.minutes(15)), arguments: ["plain", "zipped"]) func idx(stem: String) throws {
    let folder = TemporaryFolder()
    let ending = stem == "zipped" ? ".gz" : ""
    for (mutated, other) in [("images-idx3", "labels-idx1"), ("labels-idx1", "images-idx3")] {
      folder.write("x-\(other)-ubyte", try Fixture.bytes("\(stem)-\(other)-ubyte\(ending)"))
      try Self.run(try Fixture.bytes("\(stem)-\(mutated)-ubyte\(ending)"), count: 1_000) { bytes in
        folder.write("x-\(mutated)-ubyte", bytes)
        _ = try IDXSource.pictures(stem: "x", folders: [folder.path]).examples(for: IDXTests.declarations)
      }
    }
  }

  @Test(.timeLimit(.minutes(15)), arguments: [TableDelimiter.csv, .tsv]) func tables(delimiter: TableDelimiter) throws {
    let folder = TemporaryFolder()
    var text = try Fixture.bytes("quoted.csv")
    if delimiter == .tsv { text = text.map { $0 == UInt8(ascii: ",") ? 9 : $0 } }
    let table = TableDescription(
      path: "m", delimiter: delimiter,
      tensors: [.init("x", columns: [.position(1), .position(2)]), .init("y", columns: [.position(3)])])
    try Self.run(text) { bytes in
      let path = folder.write("m", bytes)
      _ = try TableSource.examples(table, path: path, for: [TableTests.x, TableTests.y], classNames: [:])
    }
  }
}
