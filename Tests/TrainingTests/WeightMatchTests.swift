import Datasets
import Execution
import Testing
import Training

@Suite struct WeightMatchTests {
  private func variable(_ name: String, _ shape: [Int]) -> PlanTensor {
    PlanTensor(
      name: name, role: "parameter", storage: .float32, shape: shape, location: Location(.persistent, 0), size: 0,
      nests: [])
  }

  private func header(_ tensors: [(String, [Int])]) throws -> SafetensorsHeader {
    let folder = try Folder()
    let path = folder.path + "/w.safetensors"
    let all = tensors.map { name, shape in
      SafetensorsWriter.Tensor(name, shape: shape, .floats([Float](repeating: 0, count: shape.reduce(1, *))))
    }
    try SafetensorsWriter.write(all, to: path)
    return try SafetensorsFile(path).header
  }

  @Test func namesAndShapesThatFit() throws {
    let match = WeightMatch(
      [variable("a.weight", [2, 3]), variable("a.bias", [2])],
      try header([("a.bias", [2]), ("a.weight", [2, 3]), ("bn.num_batches_tracked", [])]))
    #expect(match.isComplete)
    #expect(match.matched.map(\.entry.name) == ["a.weight", "a.bias"])
    #expect(match.report.isEmpty)
  }

  @Test func otherShapesAreNamedWithBoth() throws {
    let match = WeightMatch([variable("fc.weight", [10, 512])], try header([("fc.weight", [5, 512])]))
    #expect(!match.isComplete)
    #expect(match.report == ["shape differs: 1", "  `fc.weight`: the net has [10, 512], the file [5, 512]"])
  }

  @Test func aNewHeadIsLeftAlone() throws {
    let variables = [
      variable("features.0.weight", [4, 3]), variable("features.0.bias", [4]), variable("fc.weight", [2, 4]),
      variable("fc.bias", [2]),
    ]
    let other = try header([
      ("features.0.weight", [4, 3]), ("features.0.bias", [4]), ("fc.weight", [9, 4]), ("fc.bias", [9]),
    ])
    #expect(WeightMatch(variables + [variable("b.weight", [1])], other).remedy == "new=[fc, b]")
    let odd = try header([("features.0.weight", [4, 3]), ("features.0.bias", [4]), ("head.1.weight", [9, 4])])
    let mismatch = WeightMatch(variables, odd)
    #expect(mismatch.remedy == "new=[fc], unused=[\"head.1\"]")
    #expect(WeightMatch(variables, odd, isNew: { $0.hasPrefix("fc.") }, isUnused: { $0.hasPrefix("head.") }).isComplete)
    let match = WeightMatch(variables, other) { $0.hasPrefix("fc.") }
    #expect(match.isComplete)
    #expect(match.matched.map(\.entry.name) == ["features.0.weight", "features.0.bias"])
    // A head of another name, and one that the file does not have.
    let bare = try header([("features.0.weight", [4, 3]), ("features.0.bias", [4])])
    #expect(WeightMatch(variables, bare) { $0.hasPrefix("fc.") }.isComplete)
    #expect(!WeightMatch(variables, bare).isComplete)
  }

  @Test func missingAndUnexpectedNamesAreGrouped() throws {
    let match = WeightMatch(
      [variable("a.weight", [1]), variable("a.bias", [1]), variable("b.weight", [1])], try header([("c.d", [1])]))
    #expect(
      match.report == [
        "missing in the file: 3", "  `a.weight` and 1 more of its kind", "  `b.weight`", "not in the net: 1",
        "  `c.d`",
      ])
  }

  @Test func aPrefixThatExplainsEverythingIsSuggested() throws {
    let match = WeightMatch(
      [variable("conv1.weight", [1]), variable("fc.bias", [1])],
      try header([("model.conv1.weight", [1]), ("model.fc.bias", [1])]))
    #expect(match.report.last == "the names would fit without the file's prefix `model.`")
  }
}
