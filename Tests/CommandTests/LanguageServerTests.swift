import Foundation
import Testing

@Suite struct LanguageServerTests {
  private let uri = "file:///nowhere/a%20b.net"
  private let text = SmallNet.text

  private func model(_ name: String) throws -> (uri: String, text: String) {
    let path = "\(NetcProcess.models)/\(name).net"
    return ("file://\(path)", try String(contentsOfFile: path, encoding: .utf8))
  }

  private func start(_ diagnostic: [String: Any]) -> [String: Int]? {
    (diagnostic["range"] as? [String: Any])?["start"] as? [String: Int]
  }

  // MARK: Diagnostics

  @Test func diagnosticsFollowTheTyping() throws {
    let client = try LanguageClient()
    #expect(try client.open(uri, text).isEmpty)
    // `linear(width)` becomes `linaer(width)`: line 2, from column 36.
    let column = try #require(text.split(separator: "\n")[2].range(of: "linear")).lowerBound
    let start = text.split(separator: "\n")[2].distance(from: text.split(separator: "\n")[2].startIndex, to: column)
    let wrong = try client.change(uri, "ae", from: (2, start + 3), to: (2, start + 5))
    #expect(wrong.count == 1)
    #expect(wrong.first?["code"] as? String == "N101")
    #expect(wrong.first.flatMap(self.start) == ["line": 2, "character": start])
    #expect((wrong.first?["message"] as? String)?.contains("did you mean `linear`?") == true)
    #expect(try client.change(uri, text).isEmpty)
    #expect(try client.end() == 0)
  }

  /// Columns are UTF-16 units: an emoji is two, an ideograph one.
  @Test func placesAreCountedInUTF16() throws {
    let client = try LanguageClient()
    let text = "net A {\n  input x: f32[2]\n  assert true, \"🙂漢\" x\n  output y = x -> relu\n}\n"
    let found = try client.open(uri, text)
    #expect(found.first.flatMap(start) == ["line": 2, "character": 21])
    // The `x` that is too much goes.
    #expect(try client.change(uri, "", from: (2, 20), to: (2, 22)).isEmpty)
    // An edit in the middle of a pair of units counts from its start.
    let broken = try client.change(uri, "\"", from: (2, 17), to: (2, 17))
    #expect(!broken.isEmpty)
  }

  @Test func severalChangesComeInOrder() throws {
    let client = try LanguageClient()
    try client.open(uri, "const a = 1\r\nnet")
    client.send(
      method: "textDocument/didChange",
      [
        "textDocument": ["uri": uri, "version": 3] as [String: Any],
        "contentChanges": [
          [
            "range": ["start": ["line": 1, "character": 0], "end": ["line": 9, "character": 9]],
            "text": "const b = c\n",
          ],
          ["range": ["start": ["line": 1, "character": 10], "end": ["line": 1, "character": 11]], "text": "a"],
        ] as [[String: Any]],
      ])
    // In another order there would be no `a` to read, or a line that says nothing.
    #expect(try client.diagnostics().isEmpty)
  }

  @Test func importedFilesAreSeenAsTheEditorHasThem() throws {
    let folder = try TestFolder()
    try folder.write("blocks.net", "block twice(n) {\n  input x: f32[c]\n  output y = x -> linear(n) -> linear(n)\n}\n")
    let main = "import \"blocks.net\"\n\nnet A {\n  input x: f32[3]\n  output y = x -> twice(4)\n}\n"
    let (first, second) = ("file://\(folder.path)/main.net", "file://\(folder.path)/blocks.net")
    let client = try LanguageClient(root: folder.path)
    #expect(try client.open(first, main).isEmpty)
    try client.open(second, "block thrice(n) {\n  input x: f32[c]\n  output y = x -> linear(n)\n}\n")
    // Opening the other file changes this one: both are published.
    #expect(try client.diagnostics().contains { $0["code"] as? String == "N101" })
    let hover = try client.request("textDocument/hover", LanguageClient.place(first, main, "tw|ice(4)"))
    #expect(hover.isEmpty)
  }

  // MARK: Questions

  @Test(arguments: [
    ("-> con|v1: conv(64", ["f32[64, 112, 112]", "9,408 parameters"]),
    ("-> conv1: co|nv(64", ["conv(out, kernel", "Slides", "f32[64, 112, 112]"]),
    ("conv(64, 7, str|ide=2", ["`stride`", "`1` when left out"]),
    ("layer2: st|age(128", ["block stage(channels, n, stride = 1)", "f32[128, 28, 28]", "525,568 parameters"]),
    ("= ma|in + skip", ["binding main: f32[64, 56, 56]"]), ("repeat |n - 1", ["parameter n = 2"]),
    ("opti|mizer", ["How weights follow"]), ("input ima|ge", ["input image: f32[3, 224, 224]"]),
    ("inp|ut image", ["`input name: type`"]), ("image: f|32[3", ["32 bits"]), ("top|_k", []),
  ])
  func hoversTellWhatIsKnown(place: String, words: [String]) throws {
    let (uri, text) = try model("resnet18")
    let client = try LanguageClient()
    try client.open(uri, text)
    if words.isEmpty { return }
    let hover = try client.request("textDocument/hover", LanguageClient.place(uri, text, place))
    let value = (hover["contents"] as? [String: Any])?["value"] as? String ?? ""
    for word in words { #expect(value.contains(word), "\(place): \(value)") }
    #expect(!value.contains("\n\n\n") && !value.hasSuffix("\n"), "\(value)")
  }

  @Test func everyStageHasAShapeHint() throws {
    let (uri, text) = try model("alexnet")
    let client = try LanguageClient()
    try client.open(uri, text)
    let range = ["start": ["line": 4, "character": 0], "end": ["line": 8, "character": 0]]
    let hints = try client.list("textDocument/inlayHint", ["textDocument": ["uri": uri], "range": range])
    #expect(
      hints.map { $0["label"] as? String } == [
        "f32[64, 55, 55]", "f32[64, 55, 55]", "f32[64, 27, 27]", "f32[192, 27, 27]", "f32[192, 27, 27]",
      ])
    let line = try #require(text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(6).first)
    #expect(hints[2]["position"] as? [String: Int] == ["line": 6, "character": line.utf16.count])
  }

  /// What is proposed at `|`, which stands in a body with the input x and the parameter width.
  @Test(arguments: [
    ("output y = x -> |", "conv", "data"), ("output y = x -> conv(8, |", "kernel=", "out="),
    ("output y = x -> conv(8, 3, pad_mode=|", "reflect", "relu"), ("output y = x -> linear(|", "width", "relu"),
    ("input z: |", "f32", "x"), ("|", "output", "conv"), ("output y = x -> b: |", "relu", "width"),
    ("output y = x -> mine(|", "size=", "out="), ("output y = x -> |", "mine", "x"),
    ("layer t: |", "linear", "x"), ("output y = x # |", "", "relu"),
  ])
  func completionsFitTheirPlace(line: String, wanted: String, unwanted: String) throws {
    let head =
      "block mine(size) {\n  input a: f32[c]\n  output b = a\n}\n\nnet N(width = 3) {\n  input x: f32[1, 8, 8]\n  "
    let labels = try completions(head + line)
    #expect(wanted.isEmpty ? labels.isEmpty : labels.contains(wanted), "\(labels)")
    #expect(!labels.contains(unwanted), "\(labels)")
  }

  @Test(arguments: [
    ("|", "data = ", "conv"), ("optimizer = |", "sgd", "relu"), ("optimizer = sgd(lr=0.1, |", "momentum=", "lr="),
    ("optimizer = adam(|", "lr=", "x"), ("optimizer = adam(|", "betas=", "logits"),
    ("optimizer = adam(lr=|", "none", "y"),
    ("data = digits(\"train\") -> |", "scale", "relu"), ("loss = cross_entropy(|", "logits", "sgd"),
    ("metrics = [|", "accuracy", "sgd"), ("schedule = |", "cosine", "sgd"), ("data = csv(\"a.csv\", |", "y=", "relu"),
    ("init = |", "kaiming_normal", "relu"), ("batch = 1\n  |", "target", "batch = "),
    ("early_stop = patience(3 |", "epochs", "sgd"),
    ("metrics = [accuracy]\n  early_stop = patience(3 epochs, on=|", "val.accuracy", "sgd"),
    ("epochs = 3\n}\n|", "net", "target"),
  ])
  func settingsAreCompleted(line: String, wanted: String, unwanted: String) throws {
    let head =
      "net N {\n  input x: f32[2]\n  output logits: f32[2] = x -> linear(2)\n}\n\ntrain N {\n  target y: index(2)\n  "
    let labels = try completions(head + line)
    #expect(labels.contains(wanted), "\(labels)")
    #expect(!labels.contains(unwanted), "\(labels)")
  }

  @Test func membersAreCompletedAfterADot() throws {
    let text = """
      block gate {
        input x: f32[t, n]
        output y = x * (x -> sigmoid)
        output open = x -> sigmoid
      }

      net N {
        input k: index(9)[4]
        layer tok: embedding(9, 4)
        h = k -> tok -> g: gate
        output y = h -> tok.unembed
        output z = |
      }

      """
    let members = try completions(text.replacingOccurrences(of: "|", with: "g.|"))
    #expect(members == ["y", "open"])
    #expect(try completions(text.replacingOccurrences(of: "|", with: "h -> tok.un|")) == ["unembed"])
    let client = try LanguageClient()
    try client.open(uri, text.replacingOccurrences(of: "|", with: "h"))
    let hover = try client.request(
      "textDocument/hover", LanguageClient.place(uri, text, "h -> tok.unem|bed"))
    let contents = try #require((hover["contents"] as? [String: Any])?["value"] as? String)
    #expect(contents.contains("products with the rows") && contents.contains("f32[4, 9]"), "\(contents)")
  }

  private func completions(_ marked: String) throws -> [String] {
    let client = try LanguageClient()
    let text = marked.replacingOccurrences(of: "|", with: "")
    try client.open(uri, text)
    let result = try client.request("textDocument/completion", LanguageClient.place(uri, text, marked))
    let items = try #require(result["items"] as? [[String: Any]])
    return items.compactMap { $0["insertText"] as? String ?? $0["label"] as? String }
  }

  // MARK: Names

  @Test func definitionsAreFoundAcrossFiles() throws {
    let folder = try TestFolder()
    try folder.write(
      "blocks.net", "# Two of them.\nblock twice(n) {\n  input x: f32[c]\n  output y = x -> linear(n)\n}\n")
    let main = "import \"blocks.net\"\n\nnet A {\n  input x: f32[3]\n  output y = x -> twice(4)\n}\n"
    let uri = "file://\(folder.path)/main.net"
    let client = try LanguageClient(root: folder.path)
    try client.open(uri, main)
    let place = try client.request("textDocument/definition", LanguageClient.place(uri, main, "tw|ice(4)"))
    #expect((place["uri"] as? String)?.hasSuffix("/blocks.net") == true)
    #expect(start(place) == ["line": 1, "character": 6])
    let local = try client.request("textDocument/definition", LanguageClient.place(uri, main, "= |x ->"))
    #expect(start(local) == ["line": 3, "character": 8])
  }

  /// Renaming gives a file that means the same: checked again, it has no more diagnostics than before.
  @Test(arguments: [
    ("block ba|sic", "residual", 3), ("basic(chan|nels, stride", "width", 6), ("= ma|in +", "way", 2),
    ("output log|its", "scores", 2), ("(clas|ses = 1000", "count", 5), ("target la|bel", "truth", 2),
    ("input x: f32[c, |h", "tall", 2), ("layer|2: stage", "middle", 1), ("basic(channels, str|ide=stride", "step", 7),
    ("net Res|Net18", "Net", 2),
  ])
  func renamingKeepsTheMeaning(place: String, name: String, count: Int) throws {
    let (uri, text) = try model("resnet18")
    let client = try LanguageClient()
    #expect(try client.open(uri, text).isEmpty)
    var parameters = try LanguageClient.place(uri, text, place)
    parameters["newName"] = name
    let changes = try #require(try client.request("textDocument/rename", parameters)["changes"] as? [String: Any])
    #expect(Array(changes.keys) == [uri])
    let edits = try #require(changes[uri] as? [[String: Any]])
    #expect(edits.count == count, "\(edits)")
    #expect(try client.change(uri, LanguageClient.apply(edits, to: text)).isEmpty)
  }

  /// Labels in quotes and numbered ones have another name afterwards, and the same form.
  @Test func labelsOfEveryFormAreRenamed() throws {
    let text = """
      net N {
        input x: f32[4]
        output y = x -> "0": linear(4) -> for i in range(1, 3) { fc{i}: linear(4) -> relu }
      }

      """
    for (place, name, wanted) in [("\"|0\"", "1", "\"1\": linear"), ("f|c{i}", "dense", "dense{i}: linear")] {
      let client = try LanguageClient()
      #expect(try client.open(uri, text).isEmpty)
      var parameters = try LanguageClient.place(uri, text, place)
      parameters["newName"] = name
      let changes = try #require(try client.request("textDocument/rename", parameters)["changes"] as? [String: Any])
      let edits = try #require(changes[uri] as? [[String: Any]])
      let renamed = try LanguageClient.apply(edits, to: text)
      #expect(renamed.contains(wanted) && edits.count == 1, "\(renamed)")
      #expect(try client.change(uri, renamed).isEmpty)
    }
  }

  @Test func renamingReachesTheFilesThatImport() throws {
    let folder = try TestFolder()
    let blocks =
      "const size = 4\n\nblock twice(n) {\n  input x: f32[c]\n  output y = x -> linear(n) -> linear(size)\n}\n"
    let main = "import \"blocks.net\"\n\nnet A {\n  input x: f32[3]\n  output y = x -> twice(n=size)\n}\n"
    try folder.write("main.net", main)
    try folder.write("blocks.net", blocks)
    let uri = "file://\(folder.path)/blocks.net"
    let client = try LanguageClient(root: folder.path)
    try client.open(uri, blocks)
    for (place, name) in [("block tw|ice", "double"), ("const si|ze", "length"), ("twice(|n)", "count")] {
      var parameters = try LanguageClient.place(uri, blocks, place)
      parameters["newName"] = name
      let changes = try #require(try client.request("textDocument/rename", parameters)["changes"] as? [String: Any])
      #expect(Set(changes.keys) == [uri, "file://\(folder.path)/main.net"], "\(place)")
    }
  }

  @Test(arguments: [
    ("conv", "= ma|in +"), ("for", "= ma|in +"), ("2x", "= ma|in +"), ("skip", "= ma|in +"), ("", "= ma|in +"),
  ])
  func namesThatCannotBeAreRefused(name: String, place: String) throws {
    let (uri, text) = try model("resnet18")
    let client = try LanguageClient()
    try client.open(uri, text)
    var parameters = try LanguageClient.place(uri, text, place)
    parameters["newName"] = name
    let code = try client.errorCode("textDocument/rename", parameters)
    #expect(name == "conv" ? code == nil : code == -32803)
  }

  // MARK: Edits

  @Test func filesAreFormatted() throws {
    let client = try LanguageClient()
    let ugly = "net  A {\n  input x: f32[2]\n  # 漢🙂\n  output y=x->linear( 2 )}\n"
    try client.open(uri, ugly)
    let edits = try client.list(
      "textDocument/formatting", ["textDocument": ["uri": uri], "options": [:] as [String: Any]])
    let pretty = "net A {\n  input x: f32[2]\n  # 漢🙂\n  output y = x -> linear(2)\n}\n"
    #expect(try LanguageClient.apply(edits, to: ugly) == pretty)
    try client.change(uri, pretty)
    #expect(try client.list("textDocument/formatting", ["textDocument": ["uri": uri]]).isEmpty)
    try client.change(uri, "net A {")
    #expect(try client.list("textDocument/formatting", ["textDocument": ["uri": uri]]).isEmpty)
  }

  @Test func fixesAreOffered() throws {
    let client = try LanguageClient()
    let wrong = text.replacingOccurrences(of: "linear(width)", with: "linaer(width)")
    try client.open(uri, wrong)
    let range = ["start": ["line": 2, "character": 0], "end": ["line": 3, "character": 0]]
    let actions = try client.list(
      "textDocument/codeAction",
      ["textDocument": ["uri": uri], "range": range, "context": ["diagnostics": [] as [Any]]])
    let edit = try #require(actions.first?["edit"] as? [String: Any])
    let edits = try #require((edit["changes"] as? [String: Any])?[uri] as? [[String: Any]])
    #expect(actions.first?["kind"] as? String == "quickfix")
    #expect(try LanguageClient.apply(edits, to: wrong) == text)
    for (kind, count) in [("refactor", 0), ("quickfix", actions.count), ("", actions.count)] {
      let asked = try client.list(
        "textDocument/codeAction",
        [
          "textDocument": ["uri": uri], "range": range,
          "context": ["diagnostics": [] as [Any], "only": [kind]] as [String: Any],
        ])
      #expect(asked.count == count, "\(kind)")
    }
  }

  /// Whoever stands on the line of a mistake, or on another line of its stage, is offered what mends it.
  @Test func fixesAreOfferedOnTheWholeStage() throws {
    let client = try LanguageClient()
    let wrong =
      "net A {\n  input x: f32[4]\n  output y = x\n    -> linear(\n      8,\n      inputs=5)\n    -> relu\n}\n"
    try client.open(uri, wrong)
    func actions(_ line: Int, _ character: Int) throws -> Int {
      let place = ["line": line, "character": character]
      return try client.list(
        "textDocument/codeAction",
        [
          "textDocument": ["uri": uri], "range": ["start": place, "end": place],
          "context": ["diagnostics": [] as [Any]],
        ]
      ).count
    }
    #expect(try (3...5).map { try actions($0, 6) } == [1, 1, 1])
    #expect(try actions(3, 0) == 1 && actions(3, 14) == 1)
    #expect(try actions(2, 5) == 0 && actions(6, 5) == 0)
  }

  /// A line of another file is not a line of this one.
  @Test func linesOfImportedFilesAreNamed() throws {
    let folder = try TestFolder()
    let block = "block half(n) {\n  input x: f32[c]\n  h = x -> linear(9)\n  output y = h -> linear(n, inputs=8)\n}\n"
    try folder.write("parts.net", block)
    let client = try LanguageClient(root: folder.path)
    let main = "import \"parts.net\"\n\nnet A {\n  input x: f32[3]\n  output y = x -> half(4)\n}\n"
    let message = try client.open("file://\(folder.path)/main.net", main).first?["message"] as? String
    let lines = try #require(message).split(separator: "\n")
    #expect(lines.first?.contains("parts.net:4:19: linear expects 8 input features, gets 9") == true)
    #expect(lines.contains { $0.contains("called on line 5 of") && $0.contains("main.net") }, "\(lines)")
    // Rows of shapes: the block's own lines with their file, those of the net without.
    #expect(
      lines.contains { $0.contains("f32[9]") && $0.contains("line 3 of") && $0.contains("parts.net") }, "\(lines)")
    #expect(lines.contains { $0.contains("f32[3]") && $0.hasSuffix("line 4") }, "\(lines)")
  }

  /// Ten to the power of thirty elements in thirty lists: nobody waits for them.
  @Test func sharedListsAreAnswered() throws {
    let client = try LanguageClient()
    let lists = (1...30).map { level in
      "  a\(level) = [" + [String](repeating: "a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    let text = "net A {\n  input x: f32[4]\n  a0 = 1\n\(lists.joined())  assert a30 == a30\n  output y = x\n}\n"
    #expect(try client.open(uri, text).isEmpty)
    let hover = try client.request("textDocument/hover", LanguageClient.place(uri, text, "a3|0 = ["))
    let value = (hover["contents"] as? [String: Any])?["value"] as? String
    #expect(
      value?.contains("binding a30 = [[[") == true && value?.contains("…") == true && value?.utf8.count ?? 0 < 1000)
  }
}
