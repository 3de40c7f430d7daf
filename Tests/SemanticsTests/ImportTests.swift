import Semantics
import Source
import Syntax
import Testing

/// Files that import files; the texts stand in a table instead of a folder.
@Suite struct ImportTests {
  /// What the checker says of the first file.
  private func check(_ files: [String: String]) -> Elaboration {
    let (tree, mistakes) = parse(SourceFile(path: "main.net", text: files["main.net"] ?? ""))
    #expect(mistakes.isEmpty)
    return elaborate(tree) { path, _ in
      files[path].map { .file(SourceFile(path: path, text: $0)) } ?? .failure("there is no such file")
    }
  }

  private static let block = """
    const width = 8
    block part {
      input x: f32[n]
      output y = x -> helper -> linear(width)
    }
    block helper {
      input x: f32[n]
      output y = x -> relu
    }

    """

  @Test func bringsInBlocksAndConstants() throws {
    let found = check([
      "main.net": "import \"part.net\"\nnet N {\n  input x: f32[4]\n  output y = x -> part -> linear(width // 2)\n}\n",
      "part.net": Self.block,
    ])
    #expect(found.lines == [])
    #expect(try #require(found.models.first).parameterCount == 4 * 8 + 8 + 8 * 4 + 4)
  }

  /// A block sees the constants of its own file, whatever the importing file calls so.
  @Test func blocksKeepTheirScope() {
    let found = check([
      "main.net":
        "import \"middle.net\"\nconst width = 3\nnet N {\n  input x: f32[width]\n  output y = x -> outer\n}\n",
      "middle.net": "import \"part.net\"\nblock outer {\n  input x: f32[n]\n  output y: f32[8] = x -> part\n}\n",
      "part.net": Self.block,
    ])
    #expect(found.lines == [])
  }

  @Test func isNotPassedOn() {
    let found = check([
      "main.net": "import \"middle.net\"\nnet N {\n  input x: f32[4]\n  output y = x -> part\n}\n",
      "middle.net": "import \"part.net\"\n", "part.net": Self.block,
    ])
    #expect(found.diagnostics.map(\.code) == ["N101"])
  }

  @Test func clashesNameBothFiles() {
    let found = check([
      "main.net": "import \"part.net\"\nconst width = 3\nnet N {\n  input x: f32[width]\n  output y = x -> part\n}\n",
      "part.net": Self.block,
    ])
    #expect(found.lines == ["N103 `width` is declared in main.net, line 2, and in part.net, line 1"])
  }

  @Test func circlesNameTheFiles() {
    let found = check([
      "main.net": "import \"a.net\"\nnet N {\n  input x: f32[4]\n  output y = x -> relu\n}\n",
      "a.net": "import \"b.net\"\n", "b.net": "import \"a.net\"\n",
    ])
    #expect(found.lines == ["N126 files import one another: a.net -> b.net -> a.net"])
  }

  @Test func missingFilesAreNamed() {
    let found = check(["main.net": "import \"c.net\"\nnet N {\n  input x: f32[4]\n  output y = x -> relu\n}\n"])
    #expect(found.lines == ["N126 `c.net` cannot be imported: there is no such file"])
  }

  /// A file that two others import is read into one scope: its blocks do not clash with themselves.
  @Test func diamondsAreNoClash() {
    let found = check([
      "main.net":
        "import \"a.net\"\nimport \"b.net\"\nimport \"part.net\"\nnet N {\n  input x: f32[4]\n  output y = x -> a -> b -> part\n}\n",
      "a.net": "import \"part.net\"\nblock a {\n  input x: f32[n]\n  output y = x -> part\n}\n",
      "b.net": "import \"part.net\"\nblock b {\n  input x: f32[n]\n  output y = x -> part\n}\n",
      "part.net": Self.block,
    ])
    #expect(found.lines == [])
  }
}
