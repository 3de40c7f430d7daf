import Foundation
import Semantics
import Testing
import Vocabulary

/// The models that the repository ships: they check, and have the sizes and names of their originals.
@Suite struct ModelTests {
  /// Parameters of the originals; the numbers of torchvision and of the papers' tutorials.
  static let counts: [(file: String, net: String, overrides: [SettingOverride], count: Int)] = [
    ("alexnet", "AlexNet", [SettingOverride(key: "AlexNet.classes", value: "1000")], 61_100_840),
    ("vgg13", "VGG13", [SettingOverride(key: "VGG13.classes", value: "1000")], 133_047_848),
    ("resnet18", "ResNet18", [SettingOverride(key: "ResNet18.classes", value: "1000")], 11_689_512),
    ("mnist_cnn", "MnistCNN", [], 225_034),
    ("catnet", "CatNet", [], 983_253),
    ("text_lstm", "TextLSTM", [SettingOverride(key: "TextLSTM.classes", value: "10")], 673_930),
    ("t5_small", "T5Small", [], 60_506_624),
  ]

  @Test(arguments: [
    "alexnet", "vgg13", "resnet18", "mnist_cnn", "catnet", "digits", "xor", "diabetes", "text_lstm", "t5_small",
    "char_lm", "phonemes",
  ])
  func checks(_ name: String) throws {
    let elaboration = try checked(file: "models/\(name).net")
    #expect(elaboration.lines == [])
    #expect(elaboration.models.count == (name == "xor" ? 2 : 1))
    for model in elaboration.models {
      for mode in [GraphMode.training, .evaluation] {
        let graph = try model.graph(mode: mode, batch: 4)
        #expect(graph.verify() == [])
        #expect(graph.outputs.contains { $0.name == "loss" })
      }
    }
  }

  /// Masks that data gives as they are or that are one comparison away; not a flag that no layer takes for its mask.
  @Test func marksMasks() throws {
    let elaboration = checked(
      text: """
          net N {
            input x: f32[5, 4]
            input listen: bool[5]
            input steps: bool[5]
            input ids: index(9)[5]
            input flag: bool[5]
            output o = x -> attention(2, mask=listen) -> gru(3, mask=steps, take=all) -> gru(3, mask=(ids != 7)) -> linear(1)
            output p = flag
          }

        """)
    #expect(elaboration.lines == [])
    let model = try #require(elaboration.models.first)
    #expect(model.inputs.map(\.hidingNumber) == [nil, 0, 0, 7, nil])
  }

  /// Numbers that every loss ignores in a target; not one that another loss counts.
  @Test(arguments: [
    ("cross_entropy(y, a, ignore=0)", 0), ("cross_entropy(y, a, ignore=3) + cross_entropy(y, a, ignore=3)", 3),
    ("cross_entropy(y, a, ignore=0) + cross_entropy(y, a)", nil), ("cross_entropy(y, a)", nil),
  ])
  func marksWhatLossesIgnore(_ loss: String, _ expected: Int?) throws {
    let elaboration = checked(
      text: """
        net N {
          input x: f32[5]
          output y = x -> linear(4)
        }
        train N {
          target a: index(4)
          data      = csv("a.csv", x=[0, 1, 2, 3, 4], a=5)
          loss      = \(loss)
          optimizer = sgd(lr=0.1)
          epochs    = 1
        }

        """)
    #expect(elaboration.lines == [])
    let model = try #require(elaboration.models.first)
    #expect(model.targets.map(\.ignoredNumber) == [expected])
    #expect(model.inputs.map(\.ignoredNumber) == [nil])
  }

  @Test(arguments: counts)
  func hasTheParametersOfItsOriginal(
    _ model: (file: String, net: String, overrides: [SettingOverride], count: Int)
  ) throws {
    let elaboration = try checked(file: "models/\(model.file).net", overrides: model.overrides)
    #expect(elaboration.lines == [])
    let found = try #require(elaboration.models.first)
    #expect(found.name == model.net)
    #expect(found.parameterCount == model.count)
    #expect(found.layers.reduce(0) { $0 + $1.parameterCount } == model.count)
  }

  /// The fixtures list `state_dict()` of torchvision's networks, name and shape a line, without the counters of batches.
  @Test(arguments: [("resnet18", "ResNet18"), ("vgg13", "VGG13")])
  func hasTorchvisionsNames(_ file: String, _ net: String) throws {
    let overrides = [SettingOverride(key: "\(net).classes", value: "1000")]
    let model = try #require(try checked(file: "models/\(file).net", overrides: overrides).models.first)
    let fixture = packageRoot.appending(path: "Tests/SemanticsTests/Fixtures/\(file).names.txt")
    let expected = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n").map(String.init)
    let found = model.variables.map { "\($0.name) \($0.shape.map(String.init).joined(separator: "x"))" }
    #expect(found.sorted() == expected.sorted())
  }
}
