import Datasets
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of its own for one test, removed with all its files afterwards.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/netc-datasets-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } ?? "" }
    precondition(!path.isEmpty)
  }

  deinit {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  /// The files in it.
  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file with the plainest calls there are and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    // Some file systems flush a file that is cut to nothing and written again; a new one they do not.
    unlink(path + "/" + name)
    let file = fopen(path + "/" + name, "w")!
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return path + "/" + name
  }

  @discardableResult
  func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }
}

/// Files that Python wrote, see `Fixtures/make.py`.
enum Fixture {
  static let folder = String(#filePath[..<#filePath.lastIndex(of: "/")!]) + "/Fixtures"
  static let models = String(#filePath[..<#filePath.range("/Tests/")!.lowerBound]) + "/models"

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) throws -> [UInt8] { try InputFile(path(name)).bytes() }
}

extension String {
  /// The last place of `text`.
  fileprivate func range(_ text: String) -> Range<Index>? {
    indices.reversed().first { self[$0...].hasPrefix(text) }.map { $0..<endIndex }
  }
}

/// The error that `body` throws; records an issue when it throws none.
func dataError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> DataError {
  try #require(
    #expect(throws: DataError.self, sourceLocation: sourceLocation) { _ = try body() }, sourceLocation: sourceLocation)
}

/// Expects an error of this kind whose message and help have all these words.
func expectError(
  _ kind: DataError.Kind, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> some Any
) throws {
  let error = try dataError(sourceLocation: sourceLocation, body)
  #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
  for word in words {
    #expect(
      error.description.indices.contains { error.description[$0...].hasPrefix(word) }, "`\(word)` in: \(error)",
      sourceLocation: sourceLocation)
  }
}

extension Dataset {
  /// All examples of a tensor, in the order of `rows`.
  func numbers(_ name: String) throws -> [Float] {
    let tensor = try #require(position(of: name))
    let sequence = try BatchSequence(self, batch: count, shuffle: false, keepLast: true, seed: 0)
    var result = [Float](repeating: .nan, count: count * tensors[tensor].exampleSize)
    if case .indices = tensors[tensor].storage {
      var whole = [Int32](repeating: -1, count: result.count)
      whole.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: tensor, batch: 0) }
      return whole.map { Float($0) }
    }
    result.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: tensor, batch: 0) }
    return result
  }
}
