import Foundation
import Source
import Syntax
import Testing
import Vocabulary

@testable import Semantics

/// A short run of what Scripts/fuzz.sh does at length, the same on every machine: files with pieces of others put in, taken out
/// and exchanged are checked without a trap, without an endless loop, and with a bounded number of messages.
@Suite struct MutationTests {
  private static let seeds: [[UInt8]] = [
    "models", "Tests/Goldens/check", "Tests/Goldens/syntax", "Tests/Goldens/syntax/accepted",
  ]
  .flatMap { folder in
    let all = try? FileManager.default.contentsOfDirectory(
      at: packageRoot.appending(path: folder), includingPropertiesForKeys: nil)
    return (all ?? []).filter { $0.pathExtension == "net" }.sorted { $0.path < $1.path }
  }
  .compactMap { (try? Data(contentsOf: $0)).map([UInt8].init) }.filter { $0.count < 2_000 }

  @Test(.timeLimit(.minutes(15)), arguments: 0..<8) func mutatedFilesAreChecked(_ part: Int) {
    var random = Mutator(seed: UInt64(part))
    #expect(Self.seeds.count > 40)
    for _ in 0..<250 {
      var bytes = Self.seeds.randomElement(using: &random)!
      for _ in 0...Int.random(in: 0..<4, using: &random) { random.mutate(&bytes, Self.seeds) }
      let file = SourceFile(path: "mutated.net", bytes: bytes)
      let diagnostics = checked(file).diagnostics
      #expect(diagnostics.count(where: { $0.severity == .error }) <= Diagnostic.shownLimit)
      #expect(DiagnosticRenderer().text(diagnostics).utf8.count < 200_000)
    }
  }
}

/// The seconds of processor time that this thread spends on `work`: other programs do not count.
func processorSeconds(_ work: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  work()
  return now() - start
}

/// Random changes to a text (SplitMix64, Steele et al. 2014).
private struct Mutator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func mutate(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
    let range = piece(of: bytes)
    switch Int.random(in: 0..<8, using: &self) {
    case 0: bytes.removeSubrange(range)
    case 1: bytes.insert(contentsOf: bytes[range], at: range.lowerBound)
    case 2, 3:
      let other = others.randomElement(using: &self)!
      bytes.replaceSubrange(range, with: other[piece(of: other)])
    case 4, 5, 6: bytes.replaceSubrange(range, with: Array(Self.dictionary.randomElement(using: &self)!.utf8))
    default:
      let index = Int.random(in: 0...bytes.count, using: &self)
      bytes.insert(UInt8.random(in: 0...255, using: &self), at: index)
    }
  }

  /// A word, a number, a line or a few bytes of a text.
  private mutating func piece(of bytes: [UInt8]) -> Range<Int> {
    let start = Int.random(in: 0...bytes.count, using: &self)
    var end = start
    func extend(_ holds: (UInt8) -> Bool) { while end < bytes.count, holds(bytes[end]) { end += 1 } }
    switch Int.random(in: 0..<3, using: &self) {
    case 0: extend { $0 != 0x0A }
    case 1: extend { $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x5F }
    default: end = min(bytes.count, start + Int.random(in: 0...8, using: &self))
    }
    return start..<end
  }

  static let dictionary: [String] = {
    var words: Set<String> = [
      "net ", "block ", "train ", "const ", "import ", "input ", "output ", "layer ", "assert ", "target ", "repeat ",
      "for ",
      " in ", "if ", " then ", " else ", " and ", " or ", "not ", "true", "false", "none", "->", "{", "}", "(", ")",
      "[", "]", ",",
      ":", "=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "//", "%", "**", ".", "\n", "\"", "#", "\\",
      " epochs",
      " steps", "f32", "bool", "index(10)", "f32[3, 8, 8]", "0", "1", "-1", "0.5", "1e-3", "1e308", "2147483648",
      "4611686018427387904", "9223372036854775807", "import \"part.net\"\n", "part", "# --set batch=2\n", "val.loss",
      "each: ",
      "d{i}: ", "x", "y", "\u{FEFF}", "猫",
    ]
    let catalogue: [any Word.Type] =
      layerCatalogue + valueCatalogue + lossCatalogue + metricCatalogue + optimizerCatalogue + scheduleCatalogue
      + initializerCatalogue + dataSourceCatalogue + dataTransformCatalogue + ruleCatalogue
    for word in catalogue {
      words.insert(word.name)
      for argument in word.schema { words.insert(argument.name + "=") }
    }
    for name in SettingName.allCases { words.insert(name.rawValue + " = ") }
    return words.sorted()
  }()
}
