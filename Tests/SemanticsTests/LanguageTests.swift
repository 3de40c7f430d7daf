import Semantics
import Testing

/// Every construct of the language at work, and what its misuse gives. Counts and names are worked out by hand.
@Suite struct LanguageTests {
  private func model(_ text: String, _ name: String = "N") throws -> Model {
    let found = checked(text: text)
    #expect(found.lines == [])
    return try #require(found.models.first { $0.name == name })
  }

  private func names(_ text: String) throws -> [String] { try model(text).variables.map(\.name) }

  // MARK: Constants

  @Test func constantsReferToOneAnotherInAnyOrder() throws {
    let text = """
      const double = 2 * width
      const width = 4
      net N {
        input x: f32[width]
        output y: f32[8] = x -> linear(double)
      }
      """
    #expect(try model(text).parameterCount == 4 * 8 + 8)
  }

  @Test func constantsInACircleAreAnError() {
    let text = "const a = b + 1\nconst b = a\nnet N {\n  input x: f32[4]\n  output y = x -> linear(a)\n}\n"
    #expect(checked(text: text).lines == ["N118 `a` is defined by itself"])
    // The same, wherever the circle is entered.
    let other = text.split(separator: "linear(a)").joined(separator: "linear(b)")
    #expect(checked(text: other).lines == ["N118 `a` is defined by itself"])
  }

  // MARK: Bound dimensions and promises

  private static let projecting = """
    block project(out) {
      input x: f32[t, d]
      input y: f32[t, e]
      assert e < d, "y is narrower"
      output z: f32[t, out] = (x -> linear(out)) + (y -> other: linear(out)) -> scale(e)
    }

    """

  @Test func dimensionsAreBoundByTheCaller() throws {
    let net = "net N {\n  input a: f32[5, 8]\n  input b: f32[5, 2]\n  output o = a -> project(3, y=b)\n}\n"
    let found = try model(Self.projecting + net)
    #expect(found.outputs[0].type.shape == [5, 3])
    #expect(found.parameterCount == 8 * 3 + 3 + 2 * 3 + 3)
  }

  @Test(arguments: [
    ("f32[5, 8]", "f32[6, 2]", "N109"), ("f32[5, 8]", "f32[5, 9]", "N117"), ("f32[5]", "f32[5, 2]", "N109"),
  ])
  func dimensionsMustAgree(_ a: String, _ b: String, _ code: String) {
    let net = "net N {\n  input a: \(a)\n  input b: \(b)\n  output o = a -> project(3, y=b)\n}\n"
    let codes = checked(text: Self.projecting + net).diagnostics.map(\.code)
    #expect(codes.first == code, "\(codes)")
  }

  @Test func brokenPromisesAreToldOnceWithTheirCall() throws {
    let text = """
      block half {
        input x: f32[n]
        output y: f32[n // 2] = x -> linear(n)
      }
      net N {
        input x: f32[8]
        output y: f32[4] = x -> first: half
      }
      """
    let found = checked(text: text).diagnostics
    #expect(found.map(\.code) == ["N108"])
    #expect(try #require(found.first).context?.contains("called as first") == true)
  }

  @Test func assertionsHoldOrTellTheirMessage() {
    let text = "net N(n = 3) {\n  input x: f32[n]\n  assert n % 2 == 0, \"n is even\"\n  output y = x -> relu\n}\n"
    #expect(checked(text: text).lines == ["N117 the assertion `n % 2 == 0` does not hold: n is even"])
    #expect(checked(text: text, overrides: [SettingOverride(key: "N.n", value: "4")]).lines == [])
  }

  // MARK: Sharing

  /// One declared layer through two blocks: one weight.
  @Test func layersAreSharedAcrossBlocks() throws {
    let text = """
      block ahead(tower: layer) {
        input x: f32[n]
        output y = x -> tower -> relu
      }
      block behind(tower: layer) {
        input x: f32[n]
        output y = x -> tanh -> tower
      }
      net N {
        input x: f32[6]
        layer tower: linear(6)
        output y = x -> ahead(tower) -> behind(tower=tower) -> tower
      }
      """
    #expect(try names(text) == ["tower.weight", "tower.bias"])
    #expect(try model(text).parameterCount == 6 * 6 + 6)
  }

  @Test func blocksAreShared() throws {
    let text = """
      block pair(width) {
        input x: f32[n]
        output y: f32[n] = x -> "in": linear(width) -> out: linear(n)
      }
      net N {
        input x: f32[4]
        layer both: pair(3)
        output y = x -> both -> both
      }
      """
    #expect(try names(text) == ["both.in.weight", "both.in.bias", "both.out.weight", "both.out.bias"])
  }

  @Test func layersThatUseThemselvesAreAnError() {
    let text = "net N {\n  input x: f32[4]\n  layer fc: linear(x -> fc)\n  output y = x -> fc\n}\n"
    #expect(checked(text: text).diagnostics.map(\.code) == ["N118"])
    let circle =
      "net N {\n  input x: f32[4]\n  layer a: linear(x -> b)\n  layer b: linear(x -> a)\n  output y = x -> a\n}\n"
    #expect(checked(text: circle).diagnostics.map(\.code) == ["N118"])
    let tied = "net N {\n  input x: index(9)[4]\n  layer e: embedding(x -> e -> e.unembed, 3)\n  output y = x -> e\n}\n"
    #expect(checked(text: tied).diagnostics.map(\.code) == ["N118"])
    let layers = (0..<300).map { "  layer a\($0): linear(x -> a\($0 + 1))\n" }.joined()
    let long = "net N {\n  input x: f32[4]\n\(layers)  layer a300: linear(4)\n  output y = x -> a0\n}\n"
    #expect(checked(text: long).diagnostics.map(\.code) == ["N118"])
  }

  // MARK: Several nets and trains

  @Test func aFileHasSeveralNetsAndTrains() throws {
    let section = """
      {
        target t: f32
        data = csv("a.csv", x=[a, b], t=t)
        loss = mse(y, t)
        optimizer = sgd(lr=0.1)
        epochs = 3 epochs
      }

      """
    let net = { (name: String) in
      "net \(name)(n = 2) {\n  input x: f32[2]\n  output y: f32 = x -> linear(n) -> linear(1) -> reshape([])\n}\n"
    }
    let found = checked(text: net("A") + net("B") + "train A \(section)train A(n = 5) \(section)train B(3) \(section)")
    #expect(found.lines == [])
    #expect(found.models.map(\.name) == ["A", "A", "B"])
    #expect(found.models.map { $0.parameters.map(\.value) } == [["2"], ["5"], ["3"]])
    // n * 2 weights and n biases, then n weights and a bias.
    #expect(found.models.map(\.parameterCount) == [9, 21, 13])
  }

  // MARK: Units, lists, tuples

  @Test(arguments: [
    ("3 epochs", true), ("1 epoch", true), ("100 steps", false), ("1 step", false), ("7", true), ("2.5", false),
    ("[3]", false), ("\"3\"", false),
  ])
  func lengthsOfTraining(_ epochs: String, _ isFine: Bool) {
    let text = """
      net N {
        input x: f32[2]
        output y: f32[1] = x -> linear(1)
      }
      train N {
        target t: f32[1]
        data = csv("a.csv", x=[0, 1], t=[2])
        loss = mse(y, t)
        optimizer = sgd(lr=0.1)
        epochs = \(epochs)
      }
      """
    #expect(checked(text: text).diagnostics.isEmpty == isFine, "\(checked(text: text).lines)")
  }

  @Test func loopsTakeListsTuplesAndRanges() throws {
    let text = """
      net N {
        input x: f32[4]
        output y = x
          -> for i in range(1, 3) { dense{i}: linear(i * 10) }
          -> for width, p in [(5, 0.1), (6, 0.2)] { linear(width) -> dropout(p) }
          -> for width in (7, 8) { linear(width) }
          -> for i in [] { unknown_is_not_allowed: linear(1) }
      }
      """
    let found = try names(text).filter { $0.hasSuffix("weight") }
    // Every stage uses up a position, labelled or not; loops are spliced in.
    #expect(
      found == ["dense1.weight", "dense2.weight", "2.weight", "4.weight", "6.weight", "7.weight"])
  }

  @Test(arguments: [
    "for a, b in [1, 2] { linear(a) }", "for a in 3 { linear(a) }", "for a, b in [(1, 2, 3)] { linear(a) }",
  ])
  func loopsRefuseOtherThings(_ loop: String) {
    let text = "net N {\n  input x: f32[4]\n  output y = x -> \(loop)\n}\n"
    #expect(Set(checked(text: text).diagnostics.map(\.code)) == ["N122"])
  }

  // MARK: Paths

  @Test func labelsOpenPathsAndPositionsCount() throws {
    let text = """
      block inner {
        input x: f32[n]
        output y = x -> linear(n)
      }
      net N {
        input x: f32[4]
        branch = x -> relu -> side: { linear(4) -> inner }
        output y = branch -> linear(4) -> relu -> linear(4)
          -> last: repeat 2 { linear(4) -> relu }
          -> { linear(4) -> "if": linear(4) } -> inner
      }
      """
    let found = try names(text).filter { $0.hasSuffix("weight") }
    // By hand, as nn.Sequential counts: relu is 0 of `branch`; 0, 1, 2 of `y`; `last` is 3 and opens a path; the group goes on with 4.
    #expect(
      found == [
        "side.0.weight", "side.1.0.weight", "0.weight", "2.weight", "last.0.weight", "last.2.weight", "4.weight",
        "if.weight", "6.0.weight",
      ])
  }

  @Test func aBranchNotTakenHasNoWeightsButItsNamesMustExist() throws {
    let text = { (other: String) in
      "net N {\n  input x: f32[4]\n  output y = x -> if 1 < 2 { linear(3) } else { \(other) }\n}\n"
    }
    #expect(try model(text("linear(9, inputs=77)")).parameterCount == 15)
    #expect(checked(text: text("linaer(9)")).diagnostics.map(\.code) == ["N101"])
  }

  @Test func outputsOfLabelledBlocksAreRead() throws {
    let text = """
      block two {
        input x: f32[n]
        output a = x -> linear(3)
        output b = x -> other: linear(5)
      }
      net N {
        input x: f32[4]
        first = x -> t: two
        output y: f32[3] = first
        output z: f32[5] = t.b
      }
      """
    #expect(try model(text).outputs.map(\.type.shape) == [[3], [5]])
  }
}
