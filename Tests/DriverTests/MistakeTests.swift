import Driver
import Foundation
import Semantics
import Source
import Testing

/// Files with the mistakes that beginners make, one to a file, with what the user reads beside each; `UPDATE_GOLDEN=1` writes the
/// readings anew. A first line `# --set key=value` gives an option, `# mistakes: 2` says that there are more than one.
@Suite struct MistakeTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/mistakes")
  static let names =
    ((try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? [])
    .filter { $0.pathExtension == "net" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()

  @Test(arguments: names) func theReadingIsTheGolden(name: String) throws {
    let golden = Self.folder.appending(path: "\(name).txt")
    let text = DiagnosticRenderer().text(try Mistake(name).compilation().diagnostics)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }

  /// One mistake gives one message.
  @Test(arguments: names) func oneMistakeGivesOneMessage(name: String) throws {
    let mistake = try Mistake(name)
    #expect(try mistake.compilation().diagnostics.map(\.oneLine).count == mistake.count)
  }

  /// Applying an offered fix removes its diagnostic and adds none.
  @Test(arguments: names) func fixesLeaveNothingBehind(name: String) throws {
    let mistake = try Mistake(name)
    let before = try mistake.compilation()
    for diagnostic in before.diagnostics {
      for help in diagnostic.help where help.edits.contains(where: { $0.span.file == before.file }) {
        let after = try mistake.compilation(before.file.applying(help.edits)).diagnostics
        var rest = before.diagnostics.map(\.summary)
        rest.remove(at: try #require(rest.firstIndex(of: diagnostic.summary)))
        #expect(after.map(\.summary).sorted() == rest.sorted(), "\(help.text): \(after.map(\.oneLine))")
      }
    }
  }

  /// What is sure is applied, and leaves a file without that mistake.
  @Test(arguments: names) func repairAppliesWhatIsSure(name: String) throws {
    let mistake = try Mistake(name)
    let before = try mistake.compilation()
    let repair = Repair(before, overrides: mistake.overrides, read: mistake.read)
    let sure = before.diagnostics.contains { diagnostic in
      diagnostic.help.contains { $0.isSure && $0.edits.allSatisfy { $0.span.file == before.file } }
    }
    #expect(repair.changes.isEmpty != sure)
    #expect(repair.compilation.diagnostics.count == before.diagnostics.count - repair.changes.count)
  }

  /// Every code is shown by a file here or by one of the longer ones.
  @Test func everyCodeIsShown() throws {
    let shown = Set(try Self.names.flatMap { try Mistake($0).compilation().diagnostics.map(\.code) })
    let missing = Set(diagnosticCodes.map(\.code)).subtracting(shown)
    #expect(missing.sorted() == ["N001", "N006", "N027", "N125"], "these have their pages and other goldens")
  }
}

/// One file of the folder.
struct Mistake {
  let file: SourceFile
  let overrides: [SettingOverride]
  /// How many diagnostics the file gives.
  let count: Int

  init(_ name: String) throws {
    let data = try Data(contentsOf: MistakeTests.folder.appending(path: "\(name).net"))
    file = SourceFile(path: "\(name).net", bytes: data)
    let first = String(decoding: data, as: UTF8.self).split(separator: "\n", maxSplits: 1).first ?? ""
    let option = first.hasPrefix("# --set ") ? first.dropFirst(8).split(separator: "=", maxSplits: 1) : []
    overrides = option.count == 2 ? [SettingOverride(key: String(option[0]), value: String(option[1]))] : []
    count = first.hasPrefix("# mistakes: ") ? Int(first.dropFirst(12)) ?? 1 : 1
  }

  func compilation(_ changed: SourceFile? = nil) throws -> Compilation {
    Compilation(changed ?? file, overrides: overrides, read: read)
  }

  /// Imports as the command line does them.
  let read: ImportReader = { path, importer in
    let url = MistakeTests.folder.appending(path: importer.path).deletingLastPathComponent().appending(path: path)
      .standardized
    guard let data = try? Data(contentsOf: url) else { return .failure("no such file or folder") }
    return .file(
      SourceFile(path: String(url.path.dropFirst(MistakeTests.folder.standardized.path.count + 1)), bytes: data))
  }
}

extension Diagnostic {
  /// What it says, wherever it stands.
  fileprivate var summary: String { "\(code) \(message)" }
}
