import Foundation
import Testing

@Suite struct ProfileTests {
  private typealias Object = [String: Any]

  @Test func aPlansTimeGoesToTheLinesOfTheFile() throws {
    let run = try NetcProcess([
      "plan", "models/digits.net", "--profile", "--batch", "8", "--steps", "3", "--threads", "2", "--format", "json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let profile = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? Object)
    #expect(profile["steps"] as? Int == 3)
    let lines = try #require(profile["lines"] as? [Object])
    let rest = try #require(profile["rest"] as? [Object])
    let total = try #require(profile["total"] as? Object)

    // Each line in the order of the file, with its text.
    let texts = try String(contentsOfFile: NetcProcess.models + "/digits.net", encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let numbers = lines.compactMap { $0["line"] as? Int }
    #expect(numbers == numbers.sorted() && numbers.count == lines.count)
    for line in lines {
      let number = try #require(line["line"] as? Int)
      #expect(line["text"] as? String == texts[number - 1].trimmingCharacters(in: .whitespaces))
    }
    for layer in ["conv1", "conv2", "fc1", "fc2"] {
      let number = 1 + (try #require(texts.firstIndex { $0.contains(layer) }))
      #expect(numbers.contains(number), "\(layer)")
    }

    // Nothing is counted twice or left out.
    let shares = (lines + rest).compactMap { $0["share"] as? Double }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    let flops = lines.compactMap { $0["flops"] as? Double }.reduce(0, +)
    #expect(abs(flops - (try #require(total["flops"] as? Double))) < 1)

    // The work of a product, and the roof over each step.
    let steps = lines.flatMap { $0["steps"] as? [Object] ?? [] }
    let product = try #require(
      steps.first { $0["layer"] as? String == "fc1" && $0["op"] as? String == "linear" })
    #expect(product["flops"] as? Double == Double(2 * 8 * 1024 * 128))
    #expect(product["bytes"] as? Double == Double(4 * (8 * 1024 + 1024 * 128 + 128 + 8 * 128)))
    let (peak, memory) = (
      try #require(profile["peak_gflops"] as? Double), try #require(profile["peak_gbytes"] as? Double)
    )
    #expect(peak > 0 && memory > 0)
    for step in steps where step["unit"] as? String == "vectors" {
      let (executed, bytes) = (step["executed_flops"] as? Double ?? 0, step["bytes"] as? Double ?? 0)
      let milliseconds = try #require(step["ms"] as? Double)
      let bound = max(executed / peak, bytes / memory) * 1e-6
      let fraction = try #require(step["roofline_fraction"] as? Double)
      #expect(abs(fraction * milliseconds - bound) <= 1e-6 * bound)
    }
  }

  @Test func aProfiledRunTrainsTheSameAndLeavesItsProfile() throws {
    let folder = try TestFolder()
    var weights: [Data] = []
    for options in [[], ["--profile"]] {
      let out = folder.path + "/\(weights.count)"
      let run = try NetcProcess(
        ["run", "models/digits.net", "--steps", "7", "--threads", "2", "--out", out, "--set", "accumulate=2"] + options)
      #expect(run.status == 0, "\(run.errors)")
      weights.append(try Data(contentsOf: URL(filePath: out + "/weights.safetensors")))
      #expect(FileManager.default.fileExists(atPath: out + "/profile.json") == !options.isEmpty)
      guard !options.isEmpty else { continue }
      let text = try String(contentsOfFile: out + "/profile.txt", encoding: .utf8)
      #expect(run.output.hasSuffix(text))
      let data = try Data(contentsOf: URL(filePath: out + "/profile.json"))
      let profile = try #require(try JSONSerialization.jsonObject(with: data) as? Object)
      #expect(profile["steps"] as? Int == 7)
      // Two batches to a step: each layer is computed twice.
      let steps = (profile["lines"] as? [Object] ?? []).flatMap { $0["steps"] as? [Object] ?? [] }
      let forward = steps.filter { $0["layer"] as? String == "fc1" && $0["op"] as? String == "linear" }
      #expect(forward.compactMap { $0["calls"] as? Double }.reduce(0, +) == 2)
      let rest = (profile["rest"] as? [Object] ?? []).compactMap { $0["what"] as? String }
      #expect(rest.contains { $0.hasPrefix("examples") } && rest.contains { $0.hasPrefix("between") })
    }
    #expect(weights[0] == weights[1])
  }

  @Test func aForecastOfMemoryIsNearWhatIsTaken() throws {
    let options = ["models/mnist_cnn.net", "--batch", "256", "--threads", "2"]
    let plan = try NetcProcess(["plan"] + options)
    let line = try #require(plan.output.split(separator: "\n").last)
    #expect(line.hasPrefix("peak: about "))
    let words = line.split(separator: " ")
    let predicted = (try #require(Double(words[2]))) * (words[3] == "GB" ? 1e9 : 1e6)
    let bench = try NetcProcess(["bench"] + options + ["--steps", "1", "--format", "json"])
    let result = try #require(try JSONSerialization.jsonObject(with: Data(bench.output.utf8)) as? Object)
    let measured = try #require(result["peak_bytes"] as? Double)
    #expect(abs(predicted / measured - 1) < 0.1, "\(predicted) predicted, \(measured) measured")
  }
}
