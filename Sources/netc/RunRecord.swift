import Source
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The facts of a run that `run.json` keeps.
struct RunRecord {
  var net: String
  var file: String
  var command: [String]
  var overrides: [(String, String)]
  var seed: UInt64
  var threads: Int
  var instructionSet: String
  var parameters: Int
  var started = SystemDescription.timestamp()
  var seconds = 0.0
  var last: EpochReport?
  /// The epoch whose weights were kept; nil where they are those of the last one.
  var restored: EpochReport?
  /// nil while the run goes on.
  var exitReason: String?
  var exitStatus = ExitStatus.success

  init(
    net: String, file: String, command: [String], overrides: [(String, String)], seed: UInt64, threads: Int,
    instructionSet: String, parameters: Int
  ) {
    self.net = net
    self.file = file
    self.command = command
    self.overrides = overrides
    self.seed = seed
    self.threads = threads
    self.instructionSet = instructionSet
    self.parameters = parameters
  }

  var json: JSON {
    var entries: [(String, JSON)] = [
      ("net", .string(net)), ("file", .string(file)), ("command", .array(command.map(JSON.string))),
      ("set", .object(overrides.map { ($0.0, .string($0.1)) })), ("seed", .string(String(seed))),
      ("version", .string(Netc.version)), ("processor", .string(SystemDescription.processor)),
      ("instruction_set", .string(instructionSet)), ("threads", .integer(threads)),
      ("parameters", .integer(parameters)), ("process", .integer(Int(getpid()))), ("started", .string(started)),
    ]
    guard let exitReason else { return .object(entries + [("exit_reason", .null)]) }
    entries += [
      ("ended", .string(SystemDescription.timestamp())), ("training_seconds", .number(seconds)),
      ("peak_bytes", .integer(SystemDescription.peakBytes)), ("exit_reason", .string(exitReason)),
      ("exit_status", .integer(Int(exitStatus.rawValue))),
    ]
    if let restored { entries.append(("restored_epoch", restored.json)) }
    if let last { entries.append(("last_epoch", last.json)) }
    return .object(entries)
  }
}
