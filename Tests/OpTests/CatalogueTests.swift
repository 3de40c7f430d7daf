import Graphs
import Ops
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct CatalogueTests {
  /// The text of each file of the room.
  static let sources: [(name: String, text: String)] = {
    var components = #filePath.split(separator: "/").dropLast(3).map(String.init)
    components += ["Sources", "Ops"]
    let folder = "/" + components.joined(separator: "/")
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var files: [(name: String, text: String)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".swift"), let file = fopen("\(folder)/\(name)", "r") else { continue }
      defer { fclose(file) }
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
      files.append((name, String(decoding: bytes, as: UTF8.self)))
    }
    return files
  }()

  @Test func everyFileThatDeclaresAnOpIsInTheCatalogue() {
    #expect(Self.sources.count > 50)
    let types = Set(opCatalogue.map { String(describing: $0) })
    for (name, text) in Self.sources where text.contains("package static let name = \"") {
      #expect(types.contains(String(name.dropLast(6))), "\(name) declares an op that the catalogue lacks")
    }
  }

  @Test func namesAreUnique() {
    #expect(Set(opCatalogue.map { $0.name }).count == opCatalogue.count)
    #expect(Set(opCatalogue.map { String(describing: $0) }).count == opCatalogue.count)
  }

  @Test(arguments: opCatalogue.map { String(describing: $0) })
  func everyOpHasSamplesAndAGradientOrSaysThatItHasNone(type: String) throws {
    let op = try #require(opCatalogue.first { String(describing: $0) == type })
    #expect(!op.samples.isEmpty)
    #expect(op is any Executable.Type, "no kernel computes it")
    if op is any NotDifferentiable.Type { return }
    let passesNone = [
      Sign.name, BatchStatistics.name, Compare.name, ShiftRight.name, Recurrence.name,
    ].contains(op.name)
    let composed = op.name == BatchNormalize.name
    #expect(passesNone || composed || op.samples.contains { $0.checksGradient }, "no sample checks the gradient")
  }
}
