import Foundation
import Testing

/// `netc check --format sarif|github` and `--fix`.
@Suite struct CheckFormatTests {
  private static let broken = """
    net Broken(width = 8) {
      input x: f32[4]
      output y = x -> Dense(width, biass=false) -> sofmax
    }

    """

  @Test func sarifHasRulesPlacesAndFixes() throws {
    let folder = try TestFolder()
    try folder.write("a b.net", Self.broken)
    let run = try NetcProcess(["check", "a b.net", "--format", "sarif"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.isEmpty)
    let log = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let sarif = try #require((log["runs"] as? [[String: Any]])?.first)
    let driver = try #require((sarif["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]]).map { $0["id"] as? String }
    let results = try #require(sarif["results"] as? [[String: Any]])
    #expect(results.count == 3)
    for result in results {
      #expect(result["ruleIndex"] as? Int == rules.firstIndex(of: result["ruleId"] as? String))
      #expect(result["level"] as? String == "error")
      #expect((result["fixes"] as? [Any])?.count == 1)
    }
    let location = try #require((results[0]["locations"] as? [[String: Any]])?.first)
    let place = try #require(location["physicalLocation"] as? [String: Any])
    #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == "a%20b.net")
    let region: [String: Int] = ["startLine": 3, "startColumn": 19, "endLine": 3, "endColumn": 24]
    #expect(place["region"] as? [String: Int] == region)
  }

  @Test func sarifOfNothingIsALog() throws {
    let run = try NetcProcess(["check", "models/digits.net", "--format", "sarif"])
    #expect(run.status == 0)
    let log = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(((log?["runs"] as? [[String: Any]])?.first?["results"] as? [Any])?.isEmpty == true)
  }

  /// The form that GitHub documents, with `%`, `:`, `,` and line ends escaped.
  @Test func githubHasALineForEach() throws {
    let folder = try TestFolder()
    try folder.write("a,b%.net", Self.broken)
    let run = try NetcProcess(["check", "a,b%.net", "--format", "github"], in: folder.path)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines[0].hasPrefix("::error file=a%2Cb%25.net,line=3,endLine=3,col=19,endColumn=23,title=N101::there is no layer")
    )
    #expect(lines[0].contains("%0Ahelp: write `linear`"))
  }

  /// A file that cannot be checked is a result in every format; SARIF 2.1.0 has notifications for it (3.20.21).
  @Test(arguments: [("no.net", "no such file or folder"), ("sub", "is a folder")])
  func filesThatCannotBeReadAreResults(path: String, message: String) throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/sub", withIntermediateDirectories: false)
    func output(_ format: String) throws -> String {
      let run = try NetcProcess(["check", path, "--format", format], in: folder.path)
      #expect(run.status == 66)
      return run.output
    }
    let json = try JSONSerialization.jsonObject(with: Data(output("json").utf8)) as? [[String: Any]]
    #expect(json?.count == 1 && json?.first?["message"] as? String == message)
    #expect((json?.first?["span"] as? [String: Any])?["file"] as? String == path)
    #expect(json?.first?["severity"] as? String == "error" && json?.first?["code"] == nil)
    let log = try JSONSerialization.jsonObject(with: Data(output("sarif").utf8)) as? [String: Any]
    let invocations = (log?["runs"] as? [[String: Any]])?.first?["invocations"] as? [[String: Any]]
    #expect(invocations?.first?["executionSuccessful"] as? Bool == false)
    let told = try #require(invocations?.first?["toolExecutionNotifications"] as? [[String: Any]])
    #expect(told.count == 1 && told[0]["level"] as? String == "error")
    #expect((told[0]["message"] as? [String: Any])?["text"] as? String == message)
    let place = (told[0]["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
    #expect((place?["artifactLocation"] as? [String: Any])?["uri"] as? String == path)
    #expect(try output("github") == "::error file=\(path)::\(message)\n")
  }

  @Test(arguments: ["json", "sarif", "github"]) func emptyFilesHaveTheirCode(format: String) throws {
    let folder = try TestFolder()
    let run = try NetcProcess(["check", try folder.write("empty.net", ""), "--format", format])
    #expect(run.status == 1 && run.output.contains("N133") && run.errors.isEmpty, "\(run.output)\(run.errors)")
  }

  @Test func fixAppliesWhatIsSureAndTellsIt() throws {
    let folder = try TestFolder()
    try folder.write("broken.net", Self.broken)
    chmod(folder.path + "/broken.net", 0o640)
    let run = try NetcProcess(["check", "broken.net", "--fix"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.text("broken.net").contains("x -> linear(width, bias=false) -> softmax"))
    #expect(run.output.contains("fixed broken.net:3:19: [N101]"))
    #expect(run.output.contains("broken.net: ok"))
    #expect(folder.names() == ["broken.net"])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/broken.net")
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  /// Nothing is written where nothing is sure, and the file keeps its time.
  @Test func fixLeavesTheRestAlone() throws {
    let folder = try TestFolder()
    let text = "net A {\n  input x: f32[4]\n  output y = x -> linear(10, inputs=5)\n}\n"
    let path = try folder.write("a.net", text)
    let before = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    let run = try NetcProcess(["check", "a.net", "--fix"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.errors.contains("N104"))
    #expect(run.errors.contains("--fix applies only what leaves no doubt"))
    #expect(run.errors.contains("[yours to choose]") && !run.errors.contains("[fix available]"))
    #expect(try folder.text("a.net") == text)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == before)
  }

  @Test func aFileThatCannotBeReplacedStaysWhole() throws {
    let folder = try TestFolder()
    try folder.write("broken.net", Self.broken)
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    // The superuser may write anywhere.
    guard geteuid() != 0 else { return }
    let run = try NetcProcess(["check", "broken.net", "--fix"], in: folder.path)
    #expect(run.status == 73)
    #expect(try folder.text("broken.net") == Self.broken)
  }

  @Test(arguments: [["check", "--fix"], ["fmt"]]) func aWriteProtectedFileStays(command: [String]) throws {
    let folder = try TestFolder()
    let text = "net A{\n  input x: f32[4]\n  output y = x -> linaer(3)\n}\n"
    let path = try folder.write("a.net", text)
    chmod(path, 0o444)
    // The superuser may write anywhere.
    guard geteuid() != 0 else { return }
    let run = try NetcProcess(command + ["a.net"], in: folder.path)
    #expect(run.status == 73 && run.errors.contains("is write-protected"), "\(run.errors)")
    #expect(try folder.text("a.net") == text)
  }

  /// What is not shown is counted: below the text, and beside the formats for programs.
  @Test func whatIsNotShownIsCounted() throws {
    let folder = try TestFolder()
    let lines = (0..<25).map { "  a\($0) = nothing\($0)\n" }.joined()
    try folder.write("many.net", "net Many {\n  input x: f32[4]\n\(lines)  output y = x\n}\n")
    let text = try NetcProcess(["check", "many.net"], in: folder.path)
    #expect(text.status == 1 && text.errors.hasSuffix("\n20 errors; 5 more errors are not shown\n"), "\(text.errors)")
    for format in ["json", "sarif", "github"] {
      let run = try NetcProcess(["check", "many.net", "--format", format], in: folder.path)
      #expect(run.status == 1 && run.errors == "many.net: 5 more errors are not shown\n", "\(run.errors)")
    }
    let syntax = (0..<25).map { "const a\($0) = = 1\n" }.joined()
    try folder.write("syntax.net", syntax)
    let format = try NetcProcess(["fmt", "syntax.net"], in: folder.path)
    #expect(
      format.status == 1 && format.errors.hasSuffix("\n20 errors; more errors are not shown\n"), "\(format.errors)")
  }
}
