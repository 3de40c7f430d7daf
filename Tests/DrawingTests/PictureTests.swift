import Driver
import Foundation
import Semantics
import Source
import Testing
import Vocabulary

@testable import Drawing

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

  /// Several inputs and outputs, values that go far, and calculations with numbers.
  private static let gated = """
    block gate {
      input x: f32[n]
      input by: f32[n]
      weight = by -> linear(n) -> sigmoid
      output y = x * weight
      output open = weight
    }

    block mlp(h) {
      input x: f32[n]
      output y: f32[n] = x + (x -> linear(h) -> gelu -> linear(n))
    }

    net Gated {
      input x: f32[16]
      input aVeryLongInputNameThatIsWide: f32[16]
      mixed = x -> g: gate(by=aVeryLongInputNameThatIsWide)
      left = mixed -> a1: linear(8)
      right = mixed -> a2: linear(8)
      both = concat(left, right) -> stack: repeat 4 { mlp(32) -> layer_norm }
      output y = both -> for i, w in [(1, 8), (2, 4)] { d{i}: linear(w) -> relu } -> out: linear(4) -> softmax
      output openness = g.open
      output extra = x * 2 + mixed - 1
      output rest = (1 - mixed) / 3
    }

    """

  /// What is calculated with numbers is drawn, and several layers that are repeated together are drawn once.
  @Test func numbersAndRepeatedSequencesAreDrawn() throws {
    let picture = try picture(Self.gated)
    for symbol in ["× 2", "− 1", "1 − x", "÷ 3"] {
      #expect(picture.svg.contains(">\(symbol)<") && picture.dot.contains("label=\"\(symbol)\""), "\(symbol)")
    }
    #expect(picture.svg.contains(">stack ×4<"))
    #expect(picture.svg.components(separatedBy: ">layer norm<").count == 2)
  }

  /// Stages that differ in their sizes alone are drawn once, with the sizes of each.
  @Test func stagesOfOtherSizesAreDrawnOnce() throws {
    let svg = try picture(try Self.model("resnet18")).svg
    #expect(svg.contains(">layer2 … layer4 ×3<"))
    #expect(svg.contains(">128×28×28, 256×14×14, 512×7×7<"))
    #expect(!svg.contains(">layer3<"))
  }

  private static func model(_ name: String) throws -> String {
    let url = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "models/\(name).net")
    return try String(contentsOf: url, encoding: .utf8)
  }

  /// A wire through a box, or along another tensor's wire, would tell what is not so.
  @Test(arguments: ["gated", "alexnet", "resnet18", "t5_small", "text_lstm", "vgg13", "xor"])
  func wiresKeepApartFromBoxesAndFromOneAnother(_ name: String) throws {
    let layout = PictureLayout(try picture(name == "gated" ? Self.gated : try Self.model(name)))
    var boxes: [PictureLayout.Rectangle] = []
    var wires: [[PictureLayout.Point]] = []
    for mark in layout.marks {
      switch mark {
      case .stack(let box, _), .operation(let box, _), .name(let box, _): boxes.append(box)
      case .line(let points, _, isSide: false): wires.append(points)
      default: continue
      }
    }
    for wire in wires {
      for (a, b) in zip(wire, wire.dropFirst()) {
        #expect(a.x == b.x || a.y == b.y || abs(a.x - b.x) < 1 || abs(a.y - b.y) < 1)
        for box in boxes {
          let isThrough =
            max(a.x, b.x) > box.x + 1 && min(a.x, b.x) < box.x + box.width - 1 && max(a.y, b.y) > box.y + 1
            && min(a.y, b.y) < box.y + box.height - 1
          #expect(!isThrough, "\(a) to \(b) goes through \(box)")
        }
      }
    }
    for (index, wire) in wires.enumerated() {
      for other in wires[..<index] where other[0] != wire[0] {
        for (a, b) in zip(wire, wire.dropFirst()) {
          for (c, d) in zip(other, other.dropFirst()) {
            let across = min(max(a.x, b.x), max(c.x, d.x)) - max(min(a.x, b.x), min(c.x, d.x))
            let along = min(max(a.y, b.y), max(c.y, d.y)) - max(min(a.y, b.y), min(c.y, d.y))
            let isShared =
              (abs(a.x - c.x) < 1 && across < 1 && along > 2) || (abs(a.y - c.y) < 1 && along < 1 && across > 2)
            #expect(!isShared, "\(a) to \(b) runs along \(c) to \(d)")
          }
        }
      }
    }
  }

  /// Every tag is closed by its partner, and graphviz, where it is installed, reads the other form.
  @Test(arguments: ["alexnet", "resnet18", "t5_small", "text_lstm", "vgg13", "xor"]) func modelsAreDrawn(_ name: String)
    throws
  {
    let picture = try picture(try Self.model(name))
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
