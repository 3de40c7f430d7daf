import Datasets
import Source
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The facts of a run that `run.json` keeps.
struct RunRecord {
  /// What was asked and where, as it was when the run began.
  private let beginning: [(String, JSON)]
  /// When and how the run was taken up again, in order.
  private var resumptions: [JSON] = []
  var seconds = 0.0
  /// How much of the time of its steps the run waited for data, from 0 to 1.
  var waitingShare: Double?
  var last: EpochReport?
  /// The epoch whose weights were kept; nil where they are those of the last one.
  var restored: EpochReport?
  /// nil while the run goes on.
  var exitReason: String?
  var exitStatus = ExitStatus.success

  /// What a run is, from its first step on.
  struct Identity {
    var net: String
    var file: CheckedFile
    var command: [String]
    var overrides: [(String, String)]
    var seed: UInt64
    var threads: Int
    var instructionSet: String
    var parameters: Int
    /// See `Dataset.fingerprint`.
    var data: String
    /// The file with the weights to start from, where the command named one.
    var weights: String?
  }

  init(_ run: Identity) {
    beginning = [
      ("net", .string(run.net)), ("file", .string(run.file.path)),
      ("folder", .string(RunRecord.absolute(run.file.folder) ?? run.file.folder)),
      ("command", .array(run.command.map(JSON.string))),
      ("set", .object(run.overrides.map { ($0.0, .string($0.1)) })), ("seed", .string(String(run.seed))),
      ("version", .string(Netc.version)), ("processor", .string(SystemDescription.processor)),
      ("instruction_set", .string(run.instructionSet)), ("threads", .integer(run.threads)),
      ("parameters", .integer(run.parameters)), ("data", .string(run.data)),
      ("weights", run.weights.map { .string(RunRecord.absolute($0) ?? $0) } ?? .null),
      ("started", .string(SystemDescription.timestamp())),
    ]
  }

  /// The record of a run that goes on after `step` steps.
  init(_ saved: SavedRun, resumedBy command: [String], after step: Int, threads: Int) {
    beginning = saved.beginning
    resumptions =
      saved.resumptions + [
        .object([
          ("command", .array(command.map(JSON.string))), ("version", .string(Netc.version)),
          ("processor", .string(SystemDescription.processor)), ("threads", .integer(threads)),
          ("after_step", .integer(step)), ("started", .string(SystemDescription.timestamp())),
        ])
      ]
  }

  var json: JSON {
    var entries = beginning + [("process", .integer(Int(getpid())))]
    if !resumptions.isEmpty { entries.append(("resumed", .array(resumptions))) }
    guard let exitReason else { return .object(entries + [("exit_reason", .null)]) }
    entries += [
      ("ended", .string(SystemDescription.timestamp())), ("training_seconds", .number(seconds)),
      ("peak_bytes", .integer(SystemDescription.peakBytes)), ("exit_reason", .string(exitReason)),
      ("exit_status", .integer(Int(exitStatus.rawValue))),
    ]
    if let waitingShare { entries.append(("waiting_for_data", .number(waitingShare))) }
    if let restored { entries.append(("restored_epoch", restored.json)) }
    if let last { entries.append(("last_epoch", last.json)) }
    return .object(entries)
  }

  /// The path from the root, which means the same wherever netc is started; nil where there is no such file.
  static func absolute(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// A run folder that is to be taken up again.
struct SavedRun {
  let path: String
  let lock: FolderLock
  /// What `run.json` says of the beginning.
  fileprivate let beginning: [(String, JSON)]
  fileprivate let resumptions: [JSON]
  /// Why the run ended; nil when nobody could say so any more.
  let exitReason: String?
  let net: String
  /// The folder of the `.net` file, from which its paths are seen.
  let folder: String
  let data: String
  let instructionSet: String
  let version: String
  let weights: String?

  /// Throws `noInput` when `path` is no run folder, `inputOutput` when another process trains in it.
  init(_ path: String) throws(Failure) {
    var trimmed = path
    while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
    self.path = trimmed
    lock = try FolderLock(trimmed)
    let bytes: [UInt8]
    do { bytes = try InputFile(trimmed + "/run.json").bytes() } catch {
      throw Failure(
        .noInput, "\(trimmed): is no run folder: \(error.message)", help: "name a folder that `netc run` has made")
    }
    guard let json = try? JSON(parsing: bytes), case .object(let entries) = json, let net = json["net"]?.string,
      let folder = json["folder"]?.string, let data = json["data"]?.string
    else {
      throw Failure(.badData, "\(trimmed)/run.json: is damaged, or of a version of netc that could not resume runs")
    }
    let known = [
      "net", "file", "folder", "command", "set", "seed", "version", "processor", "instruction_set", "threads",
      "parameters", "data", "weights", "started",
    ]
    beginning = entries.filter { known.contains($0.0) }
    resumptions = json["resumed"]?.array ?? []
    exitReason = json["exit_reason"]?.string
    self.net = net
    self.folder = folder
    self.data = data
    instructionSet = json["instruction_set"]?.string ?? ""
    version = json["version"]?.string ?? ""
    weights = json["weights"]?.string
  }

  /// Whether the run came to its end.
  var isFinished: Bool { exitReason == RunRecord.finished || exitReason == RunRecord.stoppedEarly }
}

extension RunRecord {
  static let finished = "finished"
  static let stoppedEarly = "stopped early"
}
