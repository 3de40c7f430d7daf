import Datasets
import Execution
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder `checkpoints` of a run: the state of the run after some of its steps, `step-120.safetensors`, and perhaps
/// `best.safetensors`, the weights of the best measure.
struct CheckpointFolder {
  private let path: String
  /// How many of the latest are kept; nil for all.
  private let keep: Int?

  init(_ run: String, keep: Int?) {
    path = run + "/checkpoints"
    self.keep = keep
  }

  var best: String { path + "/best.safetensors" }

  /// Writes a checkpoint, with what weights say of themselves, and removes those that are too old.
  func save(
    _ machine: Machine, _ position: TrainingPosition, memory: String, best: (weights: Weights, values: [[Float]])?,
    metadata: [String: String]
  ) throws(Failure) {
    try RunFolder.makeFolders(path)
    do {
      try Checkpoint.write(
        machine, position: position, memory: memory, best: best, metadata: metadata, to: file(position.step))
    } catch { throw Failure(error) }
    guard let keep else { return }
    for step in steps.dropLast(keep) { unlink(file(step)) }
  }

  /// Writes the weights of the best measure.
  func saveBest(_ weights: Weights, metadata: [String: String]) throws(Failure) {
    try RunFolder.makeFolders(path)
    do { try weights.save(to: best, metadata: metadata) } catch { throw Failure(error) }
  }

  /// The latest checkpoint that can be read, and why later ones cannot; nil where there is none at all.
  var latest: (checkpoint: Checkpoint?, damaged: [DataError])? {
    var damaged: [DataError] = []
    for step in steps.reversed() {
      do throws(DataError) { return (try Checkpoint(file(step)), damaged) } catch { damaged.append(error) }
    }
    return damaged.isEmpty ? nil : (nil, damaged)
  }

  /// Removes what writers left behind that were killed.
  func removePartialFiles() {
    for name in names where name.hasSuffix(".partial") { unlink(path + "/" + name) }
  }

  /// The file of the latest checkpoint, whether it can be read or not.
  var latestFile: String? { steps.last.map(file) }

  private func file(_ step: Int) -> String { "\(path)/step-\(step).safetensors" }

  /// The steps of all checkpoints, ascending.
  private var steps: [Int] {
    names.compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst("step-".count).dropLast(".safetensors".count))
    }.sorted()
  }

  private var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }
}
