import Drawing
import Driver
import Foundation
import Semantics
import Source
import Testing
import Vocabulary

/// Pictures of nets: `UPDATE_GOLDEN=1` draws the goldens anew; look at them.
@Suite struct PictureTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")

  private static let small = """
    block residual(width, p) {
      input x: f32[n]
      output y: f32[n] = x + (x -> fc1: linear(width) -> relu -> dropout(p) -> fc2: linear(n))
    }

    net Small {
      input x: f32[16]
      input context: index(50)[4]
      layer table: embedding(50, 16)
      memory = context -> table
      output y = x -> body: repeat 3 { residual(32, 0.1) } -> "a<b&\\"c": linear(8) -> softmax
      output z = memory -> mix: attention(2, keys=memory) -> mean(axis=0)
    }

    """

  private func picture(_ text: String, net: String? = nil) throws -> Picture {
    let compilation = Compilation(SourceFile(path: "picture.net", text: text))
    #expect(compilation.diagnostics.map(\.message) == [])
    let model = try #require(compilation.models.first { net == nil || $0.name == net })
    return Picture(model.layerGraph, title: model.name, subtitle: "\(model.parameterCount) parameters")
  }

  @Test(arguments: ["svg", "dot"]) func golden(_ form: String) throws {
    let picture = try picture(Self.small)
    let text = form == "svg" ? picture.svg : picture.dot
    let golden = Self.folder.appending(path: "small.\(form)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }

  @Test func repetitionsAreFoldedAndNamesEscaped() throws {
    let svg = try picture(Self.small).svg
    #expect(svg.contains(">body ×3<"))
    #expect(svg.components(separatedBy: ">fc1<").count == 2)
    #expect(svg.contains("a&lt;b&amp;&quot;c") && !svg.contains("a<b"))
  }

  /// Blocks that differ are all shown, and a wire from between two of them keeps them apart.
  @Test func whatDiffersIsNotFolded() throws {
    let dense = """
      block part(n) {
        input x: f32[c]
        output y = x -> linear(n) -> relu -> linear(8)
      }
      net Dense {
        input x: f32[8]
        a = x -> a: part(4)
        b = a -> b: part(4)
        output y = a + b -> c: part(5)
      }
      """
    let svg = try picture(dense).svg
    #expect(svg.components(separatedBy: ">linear<").count - 1 == 6)
  }

  /// Every tag is closed by its partner, and graphviz, where it is installed, reads the other form.
  @Test(arguments: ["alexnet", "resnet18", "t5_small", "text_lstm", "vgg13", "xor"]) func modelsAreDrawn(_ name: String)
    throws
  {
    let url = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "models/\(name).net")
    let picture = try picture(try String(contentsOf: url, encoding: .utf8))
    var open: [Substring] = []
    for tag in picture.svg.split(separator: "<").dropFirst(0) {
      let name = tag.prefix { !" />".contains($0) }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst().prefix { $0 != ">" })
      } else if tag.prefix(while: { $0 != ">" }).last != "/" {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
    #expect(!picture.svg.contains("nan") && !picture.svg.contains("inf"))
    let graphviz = URL(filePath: "/usr/bin/dot")
    guard FileManager.default.isExecutableFile(atPath: graphviz.path) else { return }
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = graphviz
    process.arguments = ["-Tplain"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(picture.dot.utf8))
    try input.fileHandleForWriting.close()
    let plain = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(plain.hasPrefix("graph "))
  }
}
