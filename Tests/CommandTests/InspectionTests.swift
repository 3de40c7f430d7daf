import Foundation
import Testing

/// `summary`, `init`, `plan`, `dump` and `bench`.
@Suite struct InspectionTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func summaryCountsByHand() throws {
    let run = try NetcProcess(["summary", "models/digits.net", "--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let summary = try object(run.output)
    // conv1 1*9*32+32, conv2 32*9*64+64, fc1 1024*128+128, fc2 128*10+10; multiply-adds: the weights times their uses.
    #expect(summary["parameters"] as? Int == 320 + 18_496 + 131_200 + 1_290)
    #expect(summary["multiply_adds"] as? Int == 64 * 288 + 64 * 18_432 + 131_072 + 1_280)
    let layers = try #require(summary["layers"] as? [[String: Any]])
    let conv2 = try #require(layers.first { $0["path"] as? String == "conv2" })
    #expect(conv2["shape"] as? [Int] == [64, 8, 8])
    #expect(conv2["activation_bytes"] as? Int == 64 * 64 * 4)
    let text = try NetcProcess(["summary", "models/digits.net"])
    #expect(text.output.contains("conv2"))
    #expect(text.output.contains("151,306"))
  }

  @Test func initialWeightsHavePyTorchsNames() throws {
    let folder = try TestFolder()
    let run = try NetcProcess(["init", "models/resnet18.net", "--out", folder.path + "/w.safetensors"])
    #expect(run.status == 0, "\(run.errors)")
    let bytes = try Data(contentsOf: URL(filePath: folder.path + "/w.safetensors"))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try object(String(decoding: bytes[8..<8 + length], as: UTF8.self))
    // torchvision's names.
    for name in ["conv1.weight", "bn1.running_var", "layer2.0.downsample.0.weight", "layer4.1.bn2.bias", "fc.weight"] {
      #expect(header[name] != nil, "\(name)")
    }
    #expect((header["conv1.weight"] as? [String: Any])?["shape"] as? [Int] == [64, 3, 7, 7])
    #expect(try NetcProcess(["init", "models/digits.net", "--out", "/no/such/folder/w.safetensors"]).status == 73)
  }

  @Test func initialWeightsAreRepeatable() throws {
    let folder = try TestFolder()
    var files: [Data] = []
    for (index, seed) in ["1", "1", "2"].enumerated() {
      let path = folder.path + "/\(index).safetensors"
      #expect(try NetcProcess(["init", "models/digits.net", "--seed", seed, "--out", path]).status == 0)
      files.append(try Data(contentsOf: URL(filePath: path)))
    }
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test(arguments: ["syntax", "model", "graph", "gradient", "fused", "plan"])
  func everyStageCanBeDumped(stage: String) throws {
    let run = try NetcProcess(["dump", "models/digits.net", "--stage", stage])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("conv1"))
  }

  @Test func aPlanNamesLayersAndMemory() throws {
    let run = try NetcProcess(["plan", "models/digits.net", "--batch", "8"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("conv2"))
    #expect(run.output.contains("memory:"))
  }

  /// A batch of all data, which are not opened for it.
  @Test func everyModelHasAPlan() throws {
    let run = try NetcProcess(["plan", "models/catnet.net"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("fc4"))
    #expect(run.errors.contains("as for 64 examples"))
  }

  @Test(arguments: [[], ["--infer"]])
  func benchKeepsItsContract(options: [String]) throws {
    let run = try NetcProcess(
      ["bench", "models/digits.net", "--batch", "8", "--steps", "2", "--threads", "1", "--format", "json"] + options)
    #expect(run.status == 0, "\(run.errors)")
    let result = try object(run.output)
    for key in ["ms_median", "ms_min", "items_per_second", "gflops", "peak_fraction", "peak_bytes"] {
      let value = try #require(result[key] as? Double, "\(key)")
      #expect(value > 0 && value.isFinite, "\(key)")
    }
    #expect(run.output.split(separator: "\n").count == 1)
  }

  @Test func benchSaysWhatItTakesForAllData() throws {
    let run = try NetcProcess(["bench", "models/xor.net", "TwoLayers", "--set", "batch=all", "--steps", "1"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("as for 64 examples; --batch N"))
    #expect(run.output.contains("batch 64"))
  }
}
