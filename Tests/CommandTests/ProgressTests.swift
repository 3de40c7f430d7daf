import Foundation
import Testing

/// The line that shows how far a run is, in a terminal and elsewhere.
@Suite struct ProgressTests {
  private static let digits = ["run", NetcProcess.models + "/digits.net", "--epochs", "4", "--out", "run"]

  /// The states of the bar, in order.
  private func bars(_ terminal: PseudoTerminal) -> [String] {
    terminal.written.components(separatedBy: "\r").filter { $0.contains("/44") }
      .map { $0.components(separatedBy: "\u{1B}[K")[0] }
  }

  private func bar(in line: String) -> Int {
    guard let start = line.firstIndex(of: "["), let end = line.firstIndex(of: "]") else { return 0 }
    return line.distance(from: start, to: end) - 1
  }

  @Test(arguments: [20, 40, 60, 80, 132]) func barFitsTheTerminal(width: Int) throws {
    let folder = try TestFolder()
    let terminal = try PseudoTerminal(Self.digits, width: width, in: folder.path)
    #expect(terminal.status == 0)
    let bars = bars(terminal)
    #expect(bars.count >= 2)
    // Ten draws a second, and one at the start.
    #expect(Double(bars.count) <= 10 * terminal.seconds + 2)
    #expect(bars.allSatisfy { $0.count < width }, "\(bars)")
    #expect(bars.allSatisfy { $0.hasPrefix("epoch ") })
    if width >= 40 { #expect(bars.allSatisfy { $0.contains("loss ") }) }
    if width >= 60 { #expect(bars.allSatisfy { $0.contains("left ") && $0.contains(", run ") }) }
    // The bar neither comes and goes nor changes its length.
    let lengths = Set(bars.map(bar(in:)))
    #expect(lengths == [width >= 110 ? 30 : width >= 80 ? 10 : 0], "\(bars)")
    if width >= 80 { #expect(bars.allSatisfy { $0.contains("ex/s") }) }
    // Nothing is left of the bar: a line for each epoch.
    let lines = terminal.screen.filter { !$0.isEmpty }
    #expect(lines.count == 4)
    #expect(lines.enumerated().allSatisfy { $1.hasPrefix("epoch \($0 + 1)/4  loss ") }, "\(lines)")
    #expect(terminal.screen.last == "")
    // Results go elsewhere.
    #expect(terminal.output.contains("run folder: run") && !terminal.written.contains("run folder"))
  }

  /// A bar over the whole run where an epoch is one step.
  @Test func fullBatchesHaveOneBar() throws {
    let folder = try TestFolder()
    let terminal = try PseudoTerminal(
      ["run", NetcProcess.models + "/digits.net", "--batch", "all", "--steps", "12", "--out", "run"], width: 100,
      in: folder.path)
    #expect(terminal.status == 0)
    let bars = terminal.written.components(separatedBy: "\r").filter { $0.hasPrefix("step ") }
    #expect(bars.count >= 1)
    #expect(bars.allSatisfy { $0.contains("/12 ") && $0.contains("left ") }, "\(bars)")
  }

  @Test func whatCannotDrawGetsLines() throws {
    let folder = try TestFolder()
    let dumb = try PseudoTerminal(Self.digits, width: 80, in: folder.path, environment: ["TERM": "dumb"])
    #expect(!dumb.written.contains("\u{1B}"))
    #expect(dumb.screen.filter { !$0.isEmpty }.count == 4)
    let none = try PseudoTerminal(
      ["run", NetcProcess.models + "/digits.net", "--epochs", "1", "--out", "none", "--progress", "none"], width: 80,
      in: folder.path)
    #expect(none.written.isEmpty && none.output.isEmpty)
    let pipe = try NetcProcess(
      script: "$NETC run \(NetcProcess.models)/digits.net --epochs 3 --out pipe 2>&1 >/dev/null | cat -v",
      in: folder.path)
    let lines = pipe.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { !$0.contains("^[") && !$0.contains("^M") && $0.contains("val.accuracy") })
  }

  @Test func coloursAreLeftOutWhereTheyAreNotWanted() throws {
    let folder = try TestFolder()
    try folder.write("wrong.net", "net N {\n  input x: f32[2]\n  output y = x -> linea(2)\n}\n")
    let coloured = try PseudoTerminal(["check", "wrong.net"], width: 80, in: folder.path)
    #expect(coloured.written.contains("\u{1B}["))
    let plain = try PseudoTerminal(["check", "wrong.net"], width: 80, in: folder.path, environment: ["NO_COLOR": "1"])
    #expect(!plain.written.contains("\u{1B}") && plain.written.contains("linea"))
  }
}
