import Foundation
import Testing

@Suite struct UsageTests {
  @Test func helpNamesTheCommands() throws {
    let run = try NetcProcess(["--help"])
    #expect(run.status == 0)
    for command in ["check", "run", "summary", "init", "plan", "dump", "bench"] {
      #expect(run.output.contains("\n  \(command)"))
    }
  }

  @Test(arguments: [
    ["frobnicate"], ["check"], ["run"], ["check", "--no-such-option", "x.net"], ["dump", "x.net"],
    ["dump", "x.net", "--stage", "soup"], ["run", "x.net", "--threads", "0"], ["run", "x.net", "--epochs", "0"],
    ["run", "x.net", "--epochs", "1", "--steps", "1"], ["run", "x.net", "--set", "batch"],
    ["run", "x.net", "--progress", "loud"], ["bench", "x.net", "--steps", "0"], ["init", "x.net"],
    ["check", "x.net", "--set", "=3"], ["bench", "x.net", "--only", "dw"], ["bench", "x.net", "--kernels"],
  ])
  func aWrongCommandLineHasStatus64(arguments: [String]) throws {
    let run = try NetcProcess(arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }

  @Test func benchNamesItsWorkloads() throws {
    let run = try NetcProcess(["bench", "--kernels", "--only", "nonesuch"])
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("'nonesuch'") && run.errors.contains("resnet stem forward"), "\(run.errors)")
  }

  @Test func misspeltCommandsAreTold() throws {
    let run = try NetcProcess(["chekc", "x.net"])
    #expect(run.status == 64)
    #expect(run.errors.contains("there is no command 'chekc'; did you mean 'check'?"), "\(run.errors)")
    #expect(try NetcProcess(["help", "check"]).status == 0)
  }

  @Test func aReaderThatGoesAwayEndsTheProgramQuietly() throws {
    let folder = try TestFolder()
    let run = try NetcProcess(
      script:
        "$NETC dump \(NetcProcess.models)/resnet18.net --stage gradient --batch 1 | head -1; echo ${PIPESTATUS[0]}",
      in: folder.path)
    #expect(run.errors.isEmpty)
    #expect(run.output.split(separator: "\n").last == "0")
  }

  @Test(arguments: ["summary \(NetcProcess.models)/digits.net", "--help", "check --help", "--version"])
  func aFullDiskUnderTheResultIsReported(command: String) throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let folder = try TestFolder()
    let run = try NetcProcess(script: "$NETC \(command) > /dev/full", in: folder.path)
    #expect(run.status == 74)
    #expect(run.errors.contains("No space left"))
  }
}
