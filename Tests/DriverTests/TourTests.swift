import Datasets
import Driver
import Foundation
import Planning
import Semantics
import Source
import Testing

/// `docs/tour.md` shows `models/digits.net` at every stage; `UPDATE_GOLDEN=1` writes it anew.
@Test func theTourShowsWhatTheCompilerDoes() throws {
  let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let root = tests.deletingLastPathComponent()
  let text = try Tour(root.appending(path: "models/digits.net")).text()
  let golden = root.appending(path: "docs/tour.md")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
    try text.write(to: golden, atomically: true, encoding: .utf8)
  }
  let known = try String(contentsOf: golden, encoding: .utf8)
  let difference = zip(text.split(separator: "\n"), known.split(separator: "\n")).first { $0 != $1 }
  #expect(text == known, "first difference: \(String(describing: difference)); UPDATE_GOLDEN=1 writes the tour anew")
}

/// The tour of one file.
private struct Tour {
  let source: String
  let compilation: Compilation
  let model: Model

  init(_ file: URL) throws {
    source = try String(contentsOf: file, encoding: .utf8)
    compilation = Compilation(SourceFile(path: "models/digits.net", text: source))
    model = try #require(compilation.models.first)
  }

  func text() throws -> String {
    let forward = try GraphStage.graph(model, .evaluation, batch: 32).description
    let step = try GraphStage.graph(model, .training, batch: 32)
    let fused = try PlanSet.fused(step).description
    var plans = PlanSet(model)
    let bytes = model.training?.data.byteValues(of: model.inputs + model.targets, folder: "") ?? [:]
    _ = try plans.add(.training, batch: 32, examples: ExamplePlacement(byteValues: bytes))
    return """
      # A tour: one file at every stage

      netc turns a text into a program in four languages: syntax, model, graph, plan. Each is a value that can be printed; this page
      prints them for the network that the README trains. It is generated and checked by a test, so it shows what the compiler does now.

      ## The text

      `models/digits.net`:

      \(block(source))
      ## Syntax

      The parser makes a tree, whatever the text; mistakes come beside it. Each node knows its place. `netc dump models/digits.net
      --stage syntax` begins:

      \(block(beginning(compilation.syntaxDump, 24)))
      ## Model

      The checker looks up every word, evaluates every size and infers every shape. What it knows of the net (`--stage model`):

      \(block(compilation.modelDump(model)))
      ## Graph

      Each layer becomes ops on tensors; axis 0 is the batch. A graph for evaluation, with loss and metrics (`--stage graph`):

      \(block(forward))
      ## Gradient and update

      For training, the gradient of the loss is added by walking backwards over the ops, each of which brings its own rule, and for each
      parameter the optimizer's step. From here on all of a training step is one graph (`--stage gradient`). It ends:

      \(block(ending(step.description, 18)))
      ## Fused

      Ops take in their consumers: bias and `relu` become the epilogue of the convolution or product before them, the mask of `relu`'s
      gradient that of the data gradient, an update a part of the op that makes its gradient (`--stage fused`):

      \(block(fused))
      ## Plan

      Finally every value gets a place in memory and every op its kernel calls, in order. This list is what each worker walks through, 45
      times an epoch, with nothing allocated or looked up on the way (`netc plan models/digits.net`):

      \(block(plans.plans[0].description))
      """
  }

  private func block(_ text: String) -> String { "```\n\(text)```\n" }

  private func beginning(_ text: String, _ count: Int) -> String {
    text.split(separator: "\n").prefix(count).joined(separator: "\n") + "\n…\n"
  }

  private func ending(_ text: String, _ count: Int) -> String {
    "…\n" + text.split(separator: "\n").suffix(count).joined(separator: "\n") + "\n"
  }
}
