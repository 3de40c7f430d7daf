import Foundation
import Testing

@Suite struct AnnotationTests {
  private func annotated(_ arguments: [String]) throws -> [String] {
    let run = try NetcProcess(["check", "--annotate"] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    return run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// What stands behind the line that has `words`.
  private func shapes(_ words: String, _ lines: [String]) throws -> String {
    let line = try #require(lines.first { $0.contains(words) }, "\(words)")
    return String(line[try #require(line.range(of: "  # ")).upperBound...])
  }

  /// The shapes that the paper's arithmetic gives: (224 + 2*2 - 11) / 4 + 1 = 55, (55 - 3) / 2 + 1 = 27, and so on.
  @Test func everyStageShowsItsShape() throws {
    let lines = try annotated(["models/alexnet.net"])
    #expect(try shapes("= image", lines) == "f32[3, 224, 224]")
    #expect(try shapes("conv1:", lines) == "f32[64, 55, 55] -> f32[64, 55, 55]")
    #expect(try shapes("pool1:", lines) == "f32[64, 27, 27]")
    #expect(try shapes("pool3:", lines) == "f32[256, 6, 6]")
    #expect(try shapes("flatten", lines) == "f32[9216]")
    #expect(try shapes("fc3:", lines) == "f32[10]")
    let loss = try #require(lines.first { $0.contains("loss ") })
    #expect(!loss.contains("#"))
  }

  /// ResNet-18 has eight basic blocks, two of which keep 64 channels of 56 x 56, and three projections.
  @Test func whatIsCalledOftenShowsItsFirstCall() throws {
    let lines = try annotated(["models/resnet18.net"])
    #expect(try shapes("-> conv2:", lines) == "f32[64, 56, 56] -> f32[64, 56, 56]   (the first of 8; 6 differ)")
    #expect(try shapes("downsample", lines) == "f32[128, 28, 28] -> f32[128, 28, 28]   (the first of 3; 2 differ)")
    #expect(try shapes("input x: f32[c, h, w]", lines) == "f32[64, 56, 56]")
    #expect(try shapes("adaptive_avg_pool", lines) == "f32[512, 1, 1] -> f32[512]")
  }

  /// Without what was added the text is the file's.
  @Test(arguments: ["alexnet", "vgg13", "resnet18", "xor", "digits"])
  func theTextStaysTheSame(name: String) throws {
    let text = try String(contentsOfFile: "\(NetcProcess.models)/\(name).net", encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let annotated = try annotated(["models/\(name).net"])
    #expect(annotated.count == lines.count)
    for (line, longer) in zip(lines, annotated) {
      let rest = longer.dropFirst(line.count)
      #expect(longer.hasPrefix(line) && (rest.isEmpty || rest.drop { $0 == " " }.hasPrefix("# ")), "\(longer)")
    }
  }

  /// What was annotated before is annotated anew, and `netc fmt` finds nothing to do.
  @Test(arguments: ["alexnet", "vgg13", "resnet18", "xor", "text_lstm", "t5_small", "own"])
  func annotatingAgainChangesNothing(name: String) throws {
    let folder = try TestFolder()
    var text = """
      net Own {
        input x: f32[4]  # four numbers # f32[9]
        h = x -> first: linear(3)   # wide   # f32[5] -> ?
        # f32[7]
        output y = h -> last: linear(2)->relu
      }

      """
    if name != "own" { text = try String(contentsOfFile: "\(NetcProcess.models)/\(name).net", encoding: .utf8) }
    try folder.write("once.net", text)
    let once = try NetcProcess(["check", "--annotate", "once.net"], in: folder.path)
    #expect(once.status == 0, "\(once.errors)")
    try folder.write("twice.net", once.output)
    let twice = try NetcProcess(["check", "--annotate", "twice.net"], in: folder.path)
    #expect(twice.output == once.output)
    let format = try NetcProcess(["fmt", "--check", "twice.net"], in: folder.path)
    #expect(format.status == 0, "\(format.output)\(format.errors)")
    guard name == "own" else { return }
    #expect(once.output.contains("# wide  # f32[3]\n") && once.output.contains("\n  # f32[7]\n"), "\(once.output)")
    #expect(once.output.contains("-> relu  ") && !once.output.contains("f32[5]"), "\(once.output)")
  }

  @Test func oneNetOfSeveralIsChosen() throws {
    let lines = try annotated(["models/xor.net", "--net", "TwoLayers"])
    #expect(try shapes("fc1: linear(hidden)", lines) == "f32[8] -> f32[8] -> f32[1] -> f32")
    #expect(lines.contains("  output logit: f32 = x -> linear(1) -> reshape([])"))
    let wrong = try NetcProcess(["check", "--annotate", "models/xor.net", "--net", "TwoLayer"])
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("did you mean `TwoLayers`?"), "\(wrong.errors)")
  }

  /// What is known is shown, and then what is wrong.
  @Test func filesWithMistakesAreAnnotatedToo() throws {
    let folder = try SmallNet.folder(text: SmallNet.text.replacingOccurrences(of: "linear(2)", with: "nothing(2)"))
    let run = try NetcProcess(["check", "--annotate", "small.net"], in: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("# f32[4] -> f32[4] -> ?"), "\(run.output)")
    #expect(run.errors.contains("nothing"))
  }
}
