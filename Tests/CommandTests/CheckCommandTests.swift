import Foundation
import Testing

@Suite struct CheckCommandTests {
  @Test(arguments: ["digits", "catnet", "mnist_cnn", "alexnet", "vgg13", "resnet18", "diabetes", "xor"])
  func modelsAreFine(name: String) throws {
    let run = try NetcProcess(["check", "models/\(name).net"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("models/\(name).net: ok"))
  }

  /// The published sizes of the networks.
  @Test(arguments: [
    ("alexnet", "AlexNet.classes=1000", "61,100,840"), ("vgg13", "VGG13.classes=1000", "133,047,848"),
    ("resnet18", "ResNet18.classes=1000", "11,689,512"), ("mnist_cnn", "batch=64", "225,034"),
    ("catnet", "batch=all", "983,253"),
  ])
  func parametersAreThoseOfThePapers(name: String, setting: String, parameters: String) throws {
    let run = try NetcProcess(["check", "models/\(name).net", "--set", setting])
    #expect(run.output.contains("\(parameters) parameters"), "\(run.output)\(run.errors)")
  }

  @Test func aFileThatCannotBeReadHasItsOwnStatus() throws {
    let folder = try TestFolder()
    let missing = try NetcProcess(["check", folder.path + "/no.net"])
    #expect(missing.status == 66)
    #expect(missing.errors == "netc: error: \(folder.path)/no.net: no such file or folder\n")
    let isFolder = try NetcProcess(["check", folder.path])
    #expect(isFolder.status == 66)
    #expect(isFolder.errors == "netc: error: \(folder.path): is a folder\n")
  }

  @Test func emptyAndUnreadableTextsAreExplained() throws {
    let folder = try TestFolder()
    let empty = try NetcProcess(["check", try folder.write("empty.net", " \n\n")])
    #expect(empty.status == 1)
    #expect(empty.errors.contains("error[N133]: the file is empty, expected a net\n  --> \(folder.path)/empty.net:1:1"))
    let comments = try NetcProcess(["check", try folder.write("comments.net", "# nothing\n")])
    #expect(comments.status == 1 && comments.errors.contains("N133"), "\(comments.errors)")
    let imported = try NetcProcess(["check", try folder.write("a.net", "import \"comments.net\"\n")])
    #expect(imported.status == 0, "\(imported.errors)")
    let binary = try NetcProcess(["check", try folder.write("binary.net", Data([0x6E, 0x65, 0x74, 0x20, 0xFF, 0xFE]))])
    #expect(binary.status == 1)
    #expect(binary.errors.contains("UTF-8"), "\(binary.errors)")
  }

  /// A change to the small net, and words that its message has.
  @Test(arguments: [
    ("fc1: linear(width)", "fc1: linaer(width)", ["linaer", "did you mean", "linear"]),
    ("linear(width)", "linear(width, biass=false)", ["biass", "did you mean", "bias"]),
    ("linear(width)", "linear(true)", ["linear"]),
    ("batch     = 4", "batchsize = 4", ["batchsize", "batch"]),
    ("batch     = 4", "batch     = 0", ["batch"]),
    ("train Small", "train Smal", ["Smal", "Small"]),
    ("x -> fc1: linear(width) -> relu", "(x -> fc1: linear(width)) + x", ["equal shapes", "f32[4]", "f32[2]"]),
    ("index(2)", "index(3)", ["2", "3"]),
  ])
  func mistakesAreExplained(before: String, after: String, words: [String]) throws {
    let folder = try SmallNet.folder(text: SmallNet.text.replacingOccurrences(of: before, with: after))
    let run = try NetcProcess(["check", folder.path + "/small.net"])
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("error[N"))
    for word in words { #expect(run.errors.contains(word), "`\(word)` in: \(run.errors)") }
  }

  @Test func severalFilesAreAllChecked() throws {
    let folder = try SmallNet.folder()
    try folder.write("bad.net", "net")
    let run = try NetcProcess(["check", "bad.net", "no.net", "small.net"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("small.net: ok"))
    #expect(run.errors.contains("no.net: no such file"))
  }

  @Test func diagnosticsAreJSONForPrograms() throws {
    let folder = try SmallNet.folder(text: SmallNet.text.replacingOccurrences(of: "-> relu", with: "-> rleu"))
    let run = try NetcProcess(["check", "small.net", "--format", "json"], in: folder.path)
    #expect(run.status == 1)
    let parsed = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    let first = try #require(parsed?.first)
    #expect(first["severity"] as? String == "error")
    #expect((first["code"] as? String)?.hasPrefix("N") == true)
  }

  /// What trains one net is told apart as the other commands tell it, and is one line where only the training differs.
  @Test func severalTrainingsOfANetHaveNames() throws {
    let folder = try SmallNet.folder()
    let again = SmallNet.text[try #require(SmallNet.text.range(of: "train Small")).lowerBound...]
    try folder.write("same.net", SmallNet.text + again)
    let same = try NetcProcess(["check", "same.net"], in: folder.path)
    #expect(same.output.components(separatedBy: "Small").count == 2, "\(same.output)\(same.errors)")
    try folder.write(
      "wider.net", SmallNet.text + again.replacingOccurrences(of: "train Small", with: "train Small(width=5)"))
    let wider = try NetcProcess(["check", "wider.net"], in: folder.path)
    #expect(wider.output.contains("Small:1 ") && wider.output.contains("Small:2 "), "\(wider.output)\(wider.errors)")
  }

  @Test func colourNeedsATerminal() throws {
    let folder = try TestFolder()
    let run = try NetcProcess(["check", try folder.write("bad.net", "net Bad {")])
    #expect(!run.errors.contains("\u{1B}"))
  }
}
