import Testing

/// The rules of `docs/architecture.md` that a machine can check.
@Suite struct TidyTests {
  /// What each room may import of the others. SwiftPM does not keep these arrows between targets of one package.
  private static let arrows: [String: Set<String>] = [
    "CPUDetection": [],
    "Source": [],
    "Syntax": ["Source"],
    "Formatting": ["Source", "Syntax"],
    "Graphs": [],
    "KernelContract": [],
    "KernelsAVX512": ["KernelContract", "CPUDetection"],
    "KernelsAVX2": ["KernelContract", "CPUDetection"],
    "KernelsPortable": ["KernelContract", "CPUDetection"],
    "Kernels": ["KernelContract", "KernelsAVX512", "KernelsAVX2", "KernelsPortable", "CPUDetection"],
    "Ops": ["Graphs", "KernelContract"],
    "Vocabulary": ["Graphs", "KernelContract", "Ops", "Datasets"],
    "Semantics": ["Source", "Syntax", "Graphs", "KernelContract", "Ops", "Vocabulary", "Datasets"],
    "Drawing": ["Source", "Semantics", "Vocabulary"],
    "Reports": ["Source"],
    "Transforms": ["Graphs", "KernelContract", "Ops"],
    "Execution": ["KernelContract", "Kernels"],
    "Planning": ["Graphs", "Ops", "KernelContract", "Kernels", "Execution"],
    "Datasets": ["Graphs"],
    "Training": ["Graphs", "Execution", "Datasets"],
    "Generation": ["Execution", "Datasets"],
    "LanguageServer": ["Source", "Syntax", "Formatting", "Vocabulary", "Semantics"],
    "Driver": [
      "Source", "Syntax", "Graphs", "KernelContract", "Kernels", "Ops", "Vocabulary", "Semantics", "Datasets",
      "Transforms", "Planning", "Execution",
    ],
    "netc": [
      "Source", "Syntax", "Formatting", "Graphs", "KernelContract", "Kernels", "Ops", "Vocabulary", "Semantics",
      "Datasets", "Transforms", "Planning", "Execution", "Training", "Driver", "Drawing", "Generation", "Reports",
      "LanguageServer",
      "ArgumentParser",
    ],
  ]
  /// Depends on the architecture in the manifest.
  private static let kernels: Set<String> = ["KernelsAVX512", "KernelsAVX2", "KernelsPortable"]
  private static let system: Set<String> = ["Glibc", "Darwin", "Synchronization"]

  @Test(arguments: Repository.rooms)
  func importsFollowTheArrows(room: String) throws {
    let allowed = try #require(Self.arrows[room], "no arrows are stated for this room")
    for file in Repository.files(of: room) {
      for name in imports(of: file) {
        #expect(allowed.contains(name) || Self.system.contains(name), "\(file.path) imports \(name)")
      }
    }
  }

  @Test(arguments: Repository.rooms)
  func dependenciesFollowTheArrows(room: String) throws {
    let allowed = try #require(Self.arrows[room], "no arrows are stated for this room")
    for name in dependencies(of: room) {
      #expect(allowed.contains(name), "Package.swift lets \(room) depend on \(name)")
    }
  }

  /// A module that is imported but not a dependency is there only if something else has been built before.
  @Test func whatIsImportedIsADependency() {
    for (folder, targets) in [("Sources", Repository.rooms), ("Tests", Repository.testTargets)] {
      for target in targets {
        let declared = Set(dependencies(of: target)).union(Self.system)
          .union(["Testing", "Foundation", "ArgumentParser"]).union(target == "Kernels" ? Self.kernels : [])
        for file in Repository.files(under: "\(folder)/\(target)/") {
          for name in imports(of: file) {
            #expect(declared.contains(name), "\(file.path) imports \(name), on which \(target) does not depend")
          }
        }
      }
    }
  }

  @Test func filesAreShort() {
    for file in Repository.sources + Repository.tests {
      #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count - 1) lines, the limit is 400")
    }
  }

  @Test func onlyTheCommandLinePrints() {
    for file in Repository.sources where !file.path.hasPrefix("Sources/netc/") {
      for (number, line) in code(file) {
        for call in ["print(", "debugPrint(", "fputs(", "printf("] where calls(call, in: line) {
          Issue.record("\(file.path):\(number): \(call)…) outside Sources/netc")
        }
      }
    }
  }

  @Test func nothingImportsFoundation() {
    for file in Repository.sources {
      #expect(imports(of: file).allSatisfy { !$0.hasPrefix("Foundation") }, "\(file.path)")
    }
  }

  @Test func nothingIsLeftToDo() {
    for file in Repository.sources + Repository.tests where file.name != "TidyTests.swift" {
      for (index, line) in file.lines.enumerated() {
        let unfinished = ["TODO", "FIXME"].contains { line.contains($0) }
        #expect(!unfinished, "\(file.path):\(index + 1)")
      }
    }
  }

  /// A type that conforms to `Op`, directly or through a protocol of the room, stands in the room's catalogue.
  @Test func everyOpIsInTheCatalogue() {
    let files = Repository.files(of: "Ops")
    expectCatalogued(files, kinds: ["Op", "ElementwiseOp", "UpdatingOp", "Executable"])
  }

  @Test func everyWordIsInTheCatalogue() {
    let files = Repository.files(of: "Vocabulary")
    let kinds = files.flatMap(\.lines).compactMap { line -> String? in
      guard let range = line.firstRange(of: "protocol ") else { return nil }
      let name = String(line[range.upperBound...].prefix { $0.isLetter || $0.isNumber })
      return name.hasSuffix("Word") ? name : nil
    }
    expectCatalogued(files, kinds: Set(kinds))
  }

  private func expectCatalogued(_ files: [Repository.File], kinds: Set<String>) {
    let catalogue = files.first { $0.name == "Catalogue.swift" }?.text ?? ""
    for file in files {
      for line in file.lines where line.hasPrefix("package struct ") || line.hasPrefix("struct ") {
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        guard let colon = line.firstIndex(of: ":"), let keyword = words.firstIndex(of: "struct") else { continue }
        let name = words[keyword + 1].filter { $0 != ":" }
        let conformances = line[colon...].split { !($0.isLetter || $0.isNumber) }.map(String.init)
        guard !kinds.isDisjoint(with: conformances) else { continue }
        #expect(catalogue.contains("\(name).self"), "\(file.path): \(name) is not in its catalogue")
      }
    }
  }

  /// The modules that a file imports. In the examples of diagnostics stand imports of another language, in quotes.
  private func imports(of file: Repository.File) -> [String] {
    file.lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), position + 1 < words.count,
        words[..<position].allSatisfy({ $0.hasPrefix("@") || ["package", "internal", "private"].contains($0) })
      else { return nil }
      let last = words[words.count - 1]
      guard !last.hasPrefix("\"") else { return nil }
      return String(last.prefix { $0 != "." && $0 != ";" })
    }
  }

  /// The targets that the manifest names after `name: "ROOM", dependencies: [`.
  private func dependencies(of room: String) -> [String] {
    let text = String(Repository.manifest.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    guard
      let start = text.firstRange(of: "arget( name: \"\(room)\", dependencies: [")
        ?? text.firstRange(of: "arget(name: \"\(room)\", dependencies: [")
    else { return [] }
    let list = text[start.upperBound...].prefix { $0 != "]" }
    return list.split(separator: ",").compactMap { entry in
      let trimmed = entry.drop { $0 == " " }
      guard trimmed.hasPrefix("\"") else { return nil }
      return String(trimmed.dropFirst().prefix { $0 != "\"" })
    }
  }

  /// The lines of a file without comments, numbered from 1.
  private func code(_ file: Repository.File) -> [(Int, Substring)] {
    file.lines.enumerated().compactMap { index, line in
      line.drop { $0 == " " }.hasPrefix("//") ? nil : (index + 1, line)
    }
  }

  /// Whether `call` stands in `line` as a name of its own.
  private func calls(_ call: String, in line: Substring) -> Bool {
    line.ranges(of: call).contains { range in
      guard range.lowerBound > line.startIndex else { return true }
      let before = line[line.index(before: range.lowerBound)]
      return !(before.isLetter || before.isNumber || before == "_")
    }
  }
}
